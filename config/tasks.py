"""The tasks by name: scene, variant and instruction."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from irevla.config.errors import UnknownNameError
from irevla.config.section import Section


class Task(Section):
    """One task: what stands on the table and what the VLA is told."""

    name: str
    scene: str
    variant: str
    instruction: str


@cache
def tasks() -> dict[str, Task]:
    """Return every task of tasks.yaml by name."""
    raw = yaml.safe_load((Path(__file__).parent / "tasks.yaml").read_text())
    return {name: Task(name=name, **fields) for name, fields in raw.items()}


def task(name: str) -> Task:
    """Return the task called ``name``; raises UnknownNameError that lists the tasks."""
    try:
        return tasks()[name]
    except KeyError:
        raise UnknownNameError("task", name, tasks()) from None
