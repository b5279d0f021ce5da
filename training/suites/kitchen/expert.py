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
_GAIN = 0.8
_AIM_SHARE, _AIM_M = 0.3, 0.3  # share of the noise that stays at the hold; from where on it is all there
_EMPTY_M, _CLOSING_M = 0.012, 0.066  # fingers closed on nothing; fingers on their way
_AROUND_M = 0.07
_PUSHING_M = 0.04


class KitchenExpert:
    """Brings the hand in front of the hold, straight in, and along the joint's path."""

    def __init__(
        self, model: Any, data: Any, arm: Arm, fixture: Fixture, hold: Hold, rng: np.random.Generator, noise: float
    ) -> None:
        self._data, self._arm, self._hold = data, arm, hold
        self._site = model.site(fixture.site).id
        self._joint = model.joint(fixture.joint)
        self._is_hinge = self._joint.type[0] == mujoco.mjtJoint.mjJNT_HINGE
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
        hold, tool = self._hold, self._arm.tool
        facing = self._facing()
        into = facing.turn((0.0, 0.0, 1.0))
        touch = self._held() + hold.offset_m
        error = touch - tool.position
        depth_m = float(error @ into)
        aside_m = float(np.linalg.norm(error - depth_m * into))
        if self._has_hold(aside_m, depth_m):
            return Pose(self._ahead(), facing.quaternion), False
        turn_rad = float(np.linalg.norm(tool.to(facing)[1]))
        back_m = min(_STAND_OFF_M, _FUNNEL * max(0.0, aside_m - _NEAR_M))
        if turn_rad > _NEAR_RAD:
            back_m = _STAND_OFF_M
        if depth_m < back_m - 0.02:
            # Beside the hold and too deep: straight back first.
            touch = tool.position + depth_m * into
        is_around = aside_m < _NEAR_M and abs(depth_m) < _NEAR_M and turn_rad < _NEAR_RAD
        return Pose(touch - back_m * into, facing.quaternion), hold.grasps and not is_around

    def _has_hold(self, aside_m: float, depth_m: float) -> bool:
        if self._hold.grasps:
            return _EMPTY_M < self._arm.width_m < _CLOSING_M and float(np.hypot(aside_m, depth_m)) < _AROUND_M
        return aside_m < _PUSHING_M and abs(depth_m) < (_PUSHING_M if aside_m > 0.015 else _NEAR_M)

    def _held(self) -> Vector:
        place: Vector = self._data.site_xmat[self._site].reshape(3, 3) @ self._hold.point_m
        return self._data.site_xpos[self._site] + place

    def _ahead(self) -> Vector:
        """Return where the hold is when the joint has moved on by the lead."""
        held, axis = self._held(), self._data.xaxis[self._joint.id]
        if not self._is_hinge:
            return held + self._hold.lead * axis
        anchor = self._data.xanchor[self._joint.id]
        turn, arm = np.zeros(4), np.zeros(3)
        mujoco.mju_axisAngle2Quat(turn, axis, self._hold.lead)
        mujoco.mju_rotVecQuat(arm, held - anchor, turn)
        return anchor + arm

    def _facing(self) -> Pose:
        """Return how the hand is turned to the hold, at no place."""
        yaw_rad = self._hold.yaw_rad
        into, right = (-np.sin(yaw_rad), np.cos(yaw_rad), 0.0), (np.cos(yaw_rad), np.sin(yaw_rad), 0.0)
        quaternion = np.zeros(4)
        mujoco.mju_mat2Quat(quaternion, np.column_stack([(0.0, 0.0, 1.0), right, into]).ravel())
        return Pose(np.zeros(3), quaternion)
