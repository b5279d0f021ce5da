"""The kitchen's Panda, moved by its tool: inverse kinematics in front of joint position servos."""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np

from irevla.policies.base import Floats
from irevla.training.suites.kitchen.model import ARM_JOINTS, BASE, FINGER_JOINTS, TOOL
from irevla.training.suites.kitchen.pose import Pose, Vector

HOME_RAD = np.array((0.62, -0.62, 0.16, -2.73, -2.01, 0.72, -0.82))
TRANSLATION_M, ROTATION_RAD = 0.04, 0.15
"""What an action of 1 moves and turns the tool by."""
FINGER_OPEN_M = 0.04
_FARTHEST_RAD = 0.22  # that a joint is sent in a decision: near a singularity, at the real arm's speed
_DAMPING = 0.03  # of the least squares: slow, not wild, near a singularity
_POSTURE = 0.1  # share of the way home that is taken in the null space, an iteration
_SCALE = np.repeat((TRANSLATION_M, ROTATION_RAD), 3)


class Arm:
    """Reads and commands the arm of one model."""

    def __init__(self, model: Any, data: Any) -> None:
        self._model, self._data = model, data
        self._trial = mujoco.MjData(model)
        self._tool = model.site(TOOL).id
        self._q, self._fingers = (
            np.array([model.joint(name).qposadr[0] for name in names]) for names in (ARM_JOINTS, FINGER_JOINTS)
        )
        self._columns = np.array([model.joint(name).dofadr[0] for name in ARM_JOINTS])
        self._low, self._high = np.array([model.joint(name).range for name in ARM_JOINTS]).T
        self._jacobian = np.zeros((6, model.nv))
        self._trial.qpos[self._q] = HOME_RAD
        mujoco.mj_kinematics(model, self._trial)
        self.home = self._tool_of(self._trial)
        base = model.body(BASE).id
        self.base = Pose(self._trial.xpos[base].copy(), self._trial.xquat[base].copy())

    @property
    def tool(self) -> Pose:
        """Where the point between the pads is."""
        return self._tool_of(self._data)

    @property
    def width_m(self) -> float:
        """Distance between the fingers."""
        return float(self._data.qpos[self._fingers].sum())

    def place(self, tool: Pose) -> None:
        """Put the tool there at once, as near as it reaches, at rest and open."""
        q = self._solve(HOME_RAD, tool, iterations=20)
        self._data.qpos[self._q], self._data.qpos[self._fingers] = q, FINGER_OPEN_M
        self._command(q, is_open=True)

    def move(self, action: Floats) -> None:
        """Send the tool on from where it is by one action ``(7,)``."""
        motion = np.asarray(action[:6], dtype=np.float64) * _SCALE
        goal = self.tool.moved(self.base.turn(motion[:3]), self.base.turn(motion[3:]))
        q = self._data.qpos[self._q]
        ahead = self._solve(q, goal, iterations=3) - q
        ahead *= min(1.0, _FARTHEST_RAD / max(float(np.abs(ahead).max()), 1e-9))
        self._command(q + ahead, is_open=action[6] >= 0)

    def motion_towards(self, goal: Pose) -> Vector:
        """Return what of an action ``(6,)`` would lead straight to a goal; far from it that is more than 1."""
        back = Pose(np.zeros(3), self.base.quaternion * (1.0, -1.0, -1.0, -1.0))
        translation, rotation = self.tool.to(goal)
        motion: Vector = np.concatenate([back.turn(translation), back.turn(rotation)]) / _SCALE
        return motion

    def _command(self, q: Vector, is_open: bool) -> None:
        self._data.ctrl[:7] = np.clip(q, self._low, self._high)
        self._data.ctrl[7:] = FINGER_OPEN_M if is_open else 0.0

    def _solve(self, q: Vector, tool: Pose, iterations: int) -> Vector:
        """Return joint angles within their limits: damped least squares, towards home in the null space."""
        for _ in range(iterations):
            self._trial.qpos[self._q] = q
            mujoco.mj_kinematics(self._model, self._trial)
            mujoco.mj_comPos(self._model, self._trial)
            mujoco.mj_jacSite(self._model, self._trial, self._jacobian[:3], self._jacobian[3:], self._tool)
            jacobian = self._jacobian[:, self._columns]
            error = np.concatenate(self._tool_of(self._trial).to(tool))
            posture = _POSTURE * (HOME_RAD - q)
            square = jacobian @ jacobian.T + _DAMPING**2 * np.eye(6)
            step = posture + jacobian.T @ np.linalg.solve(square, error - jacobian @ posture)
            q = np.clip(q + step, self._low, self._high)
        return q

    def _tool_of(self, data: Any) -> Pose:
        quaternion = np.zeros(4)
        mujoco.mju_mat2Quat(quaternion, data.site_xmat[self._tool])
        return Pose(data.site_xpos[self._tool].copy(), quaternion)
