"""One task of the kitchen as a scene of the benchmark."""

from __future__ import annotations

import mujoco
import numpy as np

from irevla.config.errors import UnknownNameError
from irevla.policies.base import Floats, state_vector
from irevla.training.suites.kitchen.arm import Arm
from irevla.training.suites.kitchen.expert import KitchenExpert
from irevla.training.suites.kitchen.fixtures import FIXTURES, GOAL_RADIUS, SPREAD_M
from irevla.training.suites.kitchen.hold import HOLDS
from irevla.training.suites.kitchen.model import CAMERAS, task_model
from irevla.training.suites.task import SuiteTask

STEPS_A_DECISION = 25  # of 4 ms: the policy decides at 10 Hz
MAX_DECISIONS = 50
START_SPREAD_M, START_SPREAD_RAD = 0.04, 0.1


class KitchenScene:
    """Implements `Scene`; an action moves the tool from where it is now."""

    cameras = CAMERAS
    max_steps = MAX_DECISIONS

    def __init__(self, task: SuiteTask) -> None:
        """Raise UnknownNameError for an unknown base, or a name that the kitchen lacks."""
        if task.base not in FIXTURES:
            raise UnknownNameError("fixture", task.base, FIXTURES)
        self.fixture = FIXTURES[task.base]
        self.model = task_model(task)
        self.data = mujoco.MjData(self.model)
        self.arm = Arm(self.model, self.data)
        self._hold = HOLDS[task.base]
        self._middles = {body: self.model.body(body).pos.copy() for body in SPREAD_M}
        self._middles[self.fixture.body] += task.variation.shift_m
        self._joints = [self.model.joint(name).qposadr[0] for name in self.fixture.goal]
        self._goal = np.array(list(self.fixture.goal.values()))

    @property
    def success(self) -> bool:
        """Whether the fixture's joints are near their goal."""
        return bool(np.linalg.norm(self.data.qpos[self._joints] - self._goal) < GOAL_RADIUS)

    def reset(self, rng: np.random.Generator) -> None:
        """Start an episode: every piece of furniture and the arm stand a little elsewhere."""
        mujoco.mj_resetData(self.model, self.data)
        for body, middle in self._middles.items():
            self.model.body(body).pos = middle + rng.uniform(-1.0, 1.0, 3) * SPREAD_M[body]
        self.arm.place(
            self.arm.home.moved(
                rng.uniform(-START_SPREAD_M, START_SPREAD_M, 3), rng.uniform(-START_SPREAD_RAD, START_SPREAD_RAD, 3)
            )
        )
        mujoco.mj_forward(self.model, self.data)

    def step(self, action: Floats) -> None:
        """Carry out one action ``(7,)`` in [-1, 1]."""
        self.arm.move(action)
        mujoco.mj_step(self.model, self.data, nstep=STEPS_A_DECISION)
        # A step leaves the kinematics of its beginning.
        mujoco.mj_kinematics(self.model, self.data)
        mujoco.mj_camlight(self.model, self.data)

    def state(self) -> Floats:
        """Return the tool's pose in the base frame and the distance between the fingers."""
        tool = self.arm.tool.seen_from(self.arm.base)
        return state_vector(tool.position, np.roll(tool.quaternion, -1), self.arm.width_m)

    def expert(self, rng: np.random.Generator, noise: float) -> KitchenExpert:
        """Return the expert for the task's fixture."""
        return KitchenExpert(self.model, self.data, self.arm, self.fixture, self._hold, rng, noise)
