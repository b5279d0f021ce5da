"""A benchmark of the paper: its tasks by name, and how one becomes an environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from irevla.config.errors import UnknownNameError
from irevla.training.suites.scene import Scene
from irevla.training.suites.task import Kind, SuiteTask
from irevla.training.suites.task_env import TaskEnv

SUITES = ("metaworld", "kitchen")


@dataclass(frozen=True)
class Suite:
    """Tasks of three kinds, solved by one text-conditioned model."""

    name: str
    tasks: Mapping[str, SuiteTask]
    scene: Callable[[SuiteTask], Scene]

    def task(self, name: str) -> SuiteTask:
        """Return a task; raises UnknownNameError, which lists them."""
        try:
            return self.tasks[name]
        except KeyError:
            raise UnknownNameError(f"{self.name} task", name, self.tasks) from None

    def names(self, kind: Kind) -> tuple[str, ...]:
        """Return the names of the tasks of a kind, in the suite's order."""
        return tuple(name for name, task in self.tasks.items() if task.kind == kind)

    def env(self, name: str, image_px: int) -> TaskEnv:
        """Return a task's environment with square pictures; raises UnknownNameError, DeviceError without OpenGL."""
        task = self.task(name)
        return TaskEnv(task, self.scene(task), image_px)


def suite(name: str) -> Suite:
    """Return a suite by name, and load its simulator only then; raises UnknownNameError."""
    if name not in SUITES:
        raise UnknownNameError("suite", name, SUITES)
    found: Suite = getattr(import_module(f"irevla.training.suites.{name}.tasks"), name.upper())
    return found


def by_name(*tasks: SuiteTask) -> dict[str, SuiteTask]:
    """Return the tasks by name; raises ValueError for a name that is there twice."""
    named = {task.name: task for task in tasks}
    if len(named) != len(tasks):
        raise ValueError(f"two tasks share a name: {sorted(task.name for task in tasks)}")
    return named
