"""One MetaWorld task as a scene of the benchmark."""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np

from irevla.policies.base import STATE_DIM, Floats
from irevla.training.suites.metaworld.environment import begin, environment
from irevla.training.suites.metaworld.expert import ScriptedExpert
from irevla.training.suites.metaworld.model import CAMERA, task_model
from irevla.training.suites.task import SuiteTask

STEPS_A_DECISION = 4  # of 12.5 ms: the policy decides at 20 Hz
MAX_DECISIONS = 50


class MetaworldScene:
    """Implements `Scene`; an action moves the hand by at most 4 cm along each axis, and its rotation is ignored."""

    cameras = (CAMERA,)
    max_steps = MAX_DECISIONS

    def __init__(self, task: SuiteTask) -> None:
        """Raise UnknownNameError for an unknown base, or a name that its MJCF lacks."""
        self._task = task
        self._env = environment(task.base, task_model(task), task.variation.shift_m)
        self.success = False

    @property
    def model(self) -> Any:
        """The MuJoCo model that is drawn."""
        return self._env.model

    @property
    def data(self) -> Any:
        """Its data, with kinematics up to date after ``reset`` and ``step``."""
        return self._env.data

    def reset(self, rng: np.random.Generator) -> None:
        """Start an episode; the object's position is drawn from ``rng``."""
        begin(self._env, rng)
        self.success = False

    def step(self, action: Floats) -> None:
        """Hold one action ``(7,)`` in [-1, 1] for four steps of MetaWorld."""
        env = self._env
        effort = _effort(action)
        env.data.ctrl[:] = effort, -effort
        for _ in range(STEPS_A_DECISION):
            env.set_xyz_action(action[:3])
            mujoco.mj_step(env.model, env.data, nstep=env.frame_skip)
        mujoco.mj_forward(env.model, env.data)
        # MetaWorld computes its dense reward along with the success, so it is asked once a decision, not at each step.
        _, info = env.evaluate_state(env._get_obs(), np.append(action[:3], effort))
        self.success = bool(info["success"])

    def state(self) -> Floats:
        """Return the hand's position, no rotation, and the distance between the fingers."""
        state = np.zeros(STATE_DIM, dtype=np.float32)
        state[:3] = self._env.get_endeff_pos()
        right, left = (self._env.data.body(name).xpos for name in ("rightclaw", "leftclaw"))
        state[6] = np.linalg.norm(right - left)
        return state

    def expert(self, rng: np.random.Generator, noise: float) -> ScriptedExpert:
        """Return MetaWorld's scripted policy, with noise on the translation."""
        return ScriptedExpert(self._task.base, self._env, rng, noise)


def _effort(action: Floats) -> float:
    """Return MetaWorld's gripper command, of which +1 closes; ours is a choice between open and closed."""
    return 1.0 if action[6] < 0 else -1.0
