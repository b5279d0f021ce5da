"""Several OpenGL contexts in one process keep out of each other's way."""

from __future__ import annotations

import numpy as np

from irevla.training.suites.metaworld.tasks import METAWORLD
from irevla.training.suites.task_env import TaskEnv


def first_picture(env: TaskEnv) -> np.ndarray:
    return env.reset(seed=0)[0]["pictures"]


def test_an_environment_that_is_dropped_takes_nothing_of_another_one() -> None:
    alone = METAWORLD.env("button-press", 32)
    expected = first_picture(alone)
    alone.close()
    env = METAWORLD.env("drawer-open", 32)
    first_picture(env)
    env = METAWORLD.env("button-press", 32)  # the other one was not closed
    np.testing.assert_array_equal(first_picture(env), expected)
    env.close()
    env.close()
