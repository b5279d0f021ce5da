"""A benchmark worker on a suite of numpy environments: fake_worker.py [--kill JOB] [--nan JOB] ARGUMENTS.

``--kill``: that job's process kills itself at its fortieth decision, if it has no progress of an earlier sitting.
``--nan``: that job's PPO loss is NaN.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces

from irevla.training.benchmark import worker
from irevla.training.suites.suite import Suite, by_name
from irevla.training.suites.task import Kind, SuiteTask

PX, MAX_STEPS = 16, 12
KINDS: tuple[Kind, ...] = ("expert", "rl", "unseen")
FATAL_DECISION = 40


class FakeEnv(gymnasium.Env[dict[str, Any], Any]):
    """A point on a line; done at 1. The picture is as bright as the point is far."""

    def __init__(self, told: Callable[[], None]) -> None:
        self.observation_space: spaces.Space[Any] = spaces.Dict(
            {
                "pictures": spaces.Box(0, 255, (1, PX, PX, 3), np.uint8),
                "state": spaces.Box(-np.inf, np.inf, (7,), np.float32),
            }
        )
        self.action_space = spaces.Box(-1.0, 1.0, (7,), np.float32)
        self._told = told
        self._position, self._steps = 0.0, 0

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[dict[str, Any], Any]:
        super().reset(seed=seed)
        self._position, self._steps = float(self.np_random.uniform(0.0, 0.4)), 0
        return self._look(), {"success": False}

    def step(self, action: Any) -> tuple[dict[str, Any], float, bool, bool, dict[str, Any]]:
        self._told()
        self._position += 0.2 * float(action[0])
        self._steps += 1
        success = self._position >= 1.0
        return self._look(), float(success), success, self._steps >= MAX_STEPS and not success, {"success": success}

    def expert(self, noise: float) -> FakeEnv:
        return self

    def act(self) -> Any:
        return np.array([1.0, 0, 0, 0, 0, 0, 1.0], np.float32)

    def _look(self) -> dict[str, Any]:
        pictures = np.full((1, PX, PX, 3), int(np.clip(255 * self._position, 0, 255)), np.uint8)
        state = np.zeros(7, np.float32)
        state[0] = self._position
        return {"pictures": pictures, "state": state}


class FakeSuite(Suite):
    """Three tasks, one of each kind, all alike."""

    told: Callable[[], None] = staticmethod(lambda: None)

    def env(self, name: str, image_px: int) -> Any:
        self.task(name)
        return FakeEnv(type(self).told)


def fake_suite(name: str = "metaworld") -> Suite:
    tasks = (SuiteTask(f"push-{kind}", kind, "push", "push the point") for kind in KINDS)
    return FakeSuite(name, by_name(*tasks), lambda task: None)  # type: ignore[arg-type, return-value]


def kill_this_process_at(decision: int) -> None:
    left = iter(range(decision))

    def told() -> None:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    FakeSuite.told = staticmethod(told)


def poison() -> None:
    import torch

    from irevla.training.ppo import ppo

    ppo.clipped_loss = lambda *_: torch.tensor(float("nan"))  # type: ignore[assignment]


def option(name: str, arguments: list[str]) -> str:
    if name not in arguments:
        return ""
    place = arguments.index(name)
    value = arguments[place + 1]
    del arguments[place : place + 2]
    return value


def main(arguments: list[str]) -> int:
    killed, poisoned = option("--kill", arguments), option("--nan", arguments)
    folder = Path(arguments[-1]).parent
    if killed == folder.name and not (folder / "progress.jsonl").exists():
        kill_this_process_at(FATAL_DECISION)
    if poisoned == folder.name:
        poison()
    return worker.main(arguments, fake_suite)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
