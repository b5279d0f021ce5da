"""The kitchen's scripted expert: closed loop on the simulator's state, no memory but the noise's."""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np

from irevla.policies.base import Floats
from irevla.training.suites.kitchen.arm import Arm
from irevla.training.suites.kitchen.fixtures import Fixture
from irevla.training.suites.kitchen.hold import Hold
from irevla.training.suites.kitchen.pose import Pose, Vector

_STAND_OFF_M = 0.1  # from there the fingers touch nothing
_NEAR_M, _NEAR_RAD = 0.012, 0.2
_FUNNEL = 4.0  # metres back per metre of error aside
_TOO_DEEP_M = 0.02
_FORWARD = np.array((0.0, 0.0, 1.0))  # along the fingers
_GAIN = 0.8
_AIM_SHARE, _AIM_M = 0.3, 0.3  # share of the noise that stays at the hold; from where on it is all there
_EMPTY_M, _CLOSING_M = 0.012, 0.066  # fingers closed on nothing; fingers on their way
_AROUND_M = 0.07  # from the hold, at which a handle may slip along the fingers
_TOUCHING_M, _PUSHING_M = 0.015, 0.04  # aside of where a push began: by that the fingers touch; at most


class KitchenExpert:
    """Brings the hand in front of the hold, straight in, and along the joint's path."""

    def __init__(
        self, model: Any, data: Any, arm: Arm, fixture: Fixture, hold: Hold, rng: np.random.Generator, noise: float
    ) -> None:
        self._data, self._arm, self._hold = data, arm, hold
        self._site = model.site(fixture.site).id
        self._joint = model.joint(fixture.joint)
        self._is_hinge = self._joint.type[0] == mujoco.mjtJoint.mjJNT_HINGE
        self._facing = _facing(hold.yaw_rad)
        self._rng, self._noise = rng, noise

    def act(self) -> Floats:
        """Return an action ``(7,)`` in [-1, 1] for the present state."""
        goal, is_open = self._goal()
        motion = self._arm.motion_towards(goal) * _GAIN
        motion[:3] /= max(1.0, float(np.linalg.norm(motion[:3])))
        # A hand shakes less when it aims.
        far_m = float(np.linalg.norm(self._held() - self._arm.tool.position))
        motion += self._noise * min(1.0, _AIM_SHARE + far_m / _AIM_M) * self._rng.standard_normal(6)
        return np.append(np.clip(motion, -1.0, 1.0), 1.0 if is_open else -1.0).astype(np.float32)

    def _goal(self) -> tuple[Pose, bool]:
        """Return where the tool should go, and whether with open fingers."""
        tool, facing = self._arm.tool, self._facing.quaternion
        into = self._facing.turn(_FORWARD)
        touch = self._held() + self._hold.offset_m
        error = touch - tool.position
        depth_m = float(error @ into)
        aside_m = float(np.linalg.norm(error - depth_m * into))
        if self._has_hold(aside_m, depth_m):
            return Pose(self._ahead(), facing), False
        is_turned = float(np.linalg.norm(tool.to(self._facing)[1])) < _NEAR_RAD
        back_m = min(_STAND_OFF_M, _FUNNEL * max(0.0, aside_m - _NEAR_M)) if is_turned else _STAND_OFF_M
        if depth_m < back_m - _TOO_DEEP_M:
            touch = tool.position + depth_m * into  # straight back first
        is_there = is_turned and aside_m < _NEAR_M and abs(depth_m) < _NEAR_M
        return Pose(touch - back_m * into, facing), self._hold.grasps and not is_there

    def _has_hold(self, aside_m: float, depth_m: float) -> bool:
        if self._hold.grasps:
            return _EMPTY_M < self._arm.width_m < _CLOSING_M and float(np.hypot(aside_m, depth_m)) < _AROUND_M
        # What it pushes may press the hand back, once they touch.
        return aside_m < _PUSHING_M and abs(depth_m) < (_PUSHING_M if aside_m > _TOUCHING_M else _NEAR_M)

    def _held(self) -> Vector:
        """Return where the hold is."""
        held: Vector = self._data.site_xmat[self._site].reshape(3, 3) @ self._hold.point_m
        held += self._data.site_xpos[self._site]
        return held

    def _ahead(self) -> Vector:
        """Return where the hold is when the joint has moved on by the lead."""
        held, axis = self._held(), self._data.xaxis[self._joint.id]
        if not self._is_hinge:
            held += self._hold.lead * axis
            return held
        anchor = self._data.xanchor[self._joint.id]
        turn, ahead = np.zeros(4), np.zeros(3)
        mujoco.mju_axisAngle2Quat(turn, axis, self._hold.lead)
        mujoco.mju_rotVecQuat(ahead, held - anchor, turn)
        ahead += anchor
        return ahead


def _facing(yaw_rad: float) -> Pose:
    """Return how a level hand is turned that points into the kitchen, at no place."""
    into, right = (-np.sin(yaw_rad), np.cos(yaw_rad), 0.0), (np.cos(yaw_rad), np.sin(yaw_rad), 0.0)
    quaternion = np.zeros(4)
    mujoco.mju_mat2Quat(quaternion, np.column_stack([(0.0, 0.0, 1.0), right, into]).ravel())
    return Pose(np.zeros(3), quaternion)
