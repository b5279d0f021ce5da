"""Turns a proposed action into a target that is inside every limit, whatever was proposed.

The target starts from the previous target, not from where the arm stands, so that a soft arm that sags or is
pushed back does not drift; a leash keeps it near the arm. Each limit is a region, and the target is found by walking
from a point that is inside all of them towards the wish: the last point that passed the checks is the one commanded.

The gripper is binary with hysteresis, as a Franka hand is (its `grasp` and `move` are whole motions of about a second,
not a servo): above +0.1 it opens, below -0.1 it closes, between the two it stays. The executed action says -1 or +1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from irevla.config.errors import DeviceError, ProposalError
from irevla.config.limits import LimitsSettings
from irevla.config.robot import RobotSettings
from irevla_nodes.arbiter import quaternion as quaternions
from irevla_nodes.arbiter.quaternion import Quaternion
from irevla_nodes.arbiter.target import Floats64, Target

WORKSPACE, ORIENTATION, STEP, SPEED, RANGE = 1, 2, 4, 8, 16  # MotionCommand.LIMIT_*
_LIMIT_NAMES = {WORKSPACE: "workspace", ORIENTATION: "orientation", STEP: "step", SPEED: "speed", RANGE: "range"}
GRIPPER_OPEN_M = 0.08
GRIPPER_HYSTERESIS = 0.1
_ROUNDING = 1e-9
_HALVINGS = 24

_Point = TypeVar("_Point")


def limit_names(limited: int) -> list[str]:
    """Return the names of the bits in MotionCommand.limited."""
    return [name for bit, name in _LIMIT_NAMES.items() if limited & bit]


@dataclass(frozen=True, eq=False)
class Command:
    """What the arm is told, and how that differs from what was proposed."""

    target: Target
    action: NDArray[np.float32]  # (7,): what is really executed, in [-1, 1]
    limited: int  # bit set of WORKSPACE ... RANGE: the limits that changed the proposal; 0 untouched


class Envelope:
    """The workspace box, the orientation cone, the step and the speed limit."""

    def __init__(self, limits: LimitsSettings, robot: RobotSettings) -> None:
        self._limits = limits
        self._low = np.array(limits.workspace_min_m)
        self._high = np.array(limits.workspace_max_m)
        self._scale_m, self._scale_rad = robot.translation_scale_m, robot.rotation_scale_rad
        self._reach_m = limits.speed_m_s / robot.policy_hz
        self._reach_rad = limits.speed_rad_s / robot.policy_hz

    def command(
        self, action: object, tcp_position_m: ArrayLike, tcp_quaternion_xyzw: ArrayLike, previous: Target | None
    ) -> Command:
        """Limit ``action`` (7,), given base_T_tcp as measured and the previous target of this episode (None: the pose).

        Raises ProposalError for a wrong shape or a value that is not finite, DeviceError when the measured pose is
        none or stands so far outside the limits that no allowed step leads back.
        """
        wish, limited = self._in_range(action)
        position, orientation = _pose(tcp_position_m, tcp_quaternion_xyzw)
        start_m = position if previous is None else previous.position_m
        target_m, moved, bits_m = self._translate(wish[:3] * self._scale_m, position, start_m)
        start = orientation if previous is None else _quaternion(previous.quaternion_xyzw)
        target, turned, bits_rad = self._rotate(wish[3:6] * self._scale_rad, orientation, start)
        is_open = _is_open(float(wish[6]), previous)
        executed = np.concatenate([moved / self._scale_m, turned / self._scale_rad, [1.0 if is_open else -1.0]])
        return Command(
            Target(target_m, np.array(target), GRIPPER_OPEN_M if is_open else 0.0),
            np.clip(executed, -1.0, 1.0).astype(np.float32),
            limited | bits_m | bits_rad,
        )

    def margin_m(self, tcp_position_m: ArrayLike) -> NDArray[np.float32]:
        """Return the tool's distance to each wall of the workspace (6,): -x +x -y +y -z +z; negative outside."""
        position = np.asarray(tcp_position_m, dtype=np.float64)
        return np.stack([position - self._low, self._high - position], axis=1).ravel().astype(np.float32)

    def allows(self, target: Target) -> bool:
        """Say whether the target is inside the workspace box, the cone, the yaw range and the gripper's stroke."""
        orientation = _quaternion(target.quaternion_xyzw)
        return self._in_box(target.position_m) and self._in_cone(orientation) and 0 <= target.gripper_width_m <= 0.08

    def _in_range(self, action: object) -> tuple[Floats64, int]:
        try:
            wish = np.asarray(action, dtype=np.float64)
        except (TypeError, ValueError):
            raise ProposalError(f"action: expected 7 numbers, got {str(action)[:80]!r}") from None
        if wish.shape != (7,):
            raise ProposalError(f"action: expected 7 numbers in [-1, 1], got the shape {wish.shape}")
        if not np.isfinite(wish).all():
            raise ProposalError(f"action: expected 7 finite numbers in [-1, 1], got {wish.tolist()}")
        clipped = np.clip(wish, -1.0, 1.0)
        return clipped, 0 if (clipped == wish).all() else RANGE

    def _translate(self, delta: Floats64, measured: Floats64, start: Floats64) -> tuple[Floats64, Floats64, int]:
        """Return the target, how far it is from its start (3,) [m], and the limits that changed it."""

        def on_leash(point: Floats64) -> bool:
            return _length(point - measured) <= self._limits.step_m + _ROUNDING

        inside = self._clip(measured)
        if not on_leash(inside):
            low, high = self._limits.workspace_min_m, self._limits.workspace_max_m
            raise DeviceError(
                f"the tool stands at {_show(measured)} m, {_length(inside - measured):.3f} m outside the workspace "
                f"{low} to {high}; move it back by hand or reset the robot"
            )
        wound_up = self._clip(start)
        anchor = _furthest(lambda part: inside + part * (wound_up - inside), on_leash)
        bits = 0 if _length(anchor - wound_up) <= _ROUNDING else STEP
        wish = anchor + delta
        goal = self._clip(wish)
        bits |= 0 if (goal == wish).all() else WORKSPACE

        def is_slow(point: Floats64) -> bool:
            return _length(point - anchor) <= self._reach_m + _ROUNDING

        bits |= (0 if on_leash(goal) else STEP) | (0 if is_slow(goal) else SPEED)
        # A segment between two points of the box stays in it; the leash and the speed are balls: all are convex.
        target = _furthest(lambda part: anchor + part * (goal - anchor), lambda p: on_leash(p) and is_slow(p))
        return target, target - anchor, bits

    def _rotate(self, delta: Floats64, measured: Quaternion, start: Quaternion) -> tuple[Quaternion, Floats64, int]:
        """Return the target, its rotation vector from its start (3,) [rad], and the limits that changed it."""

        def is_close(q: Quaternion) -> bool:
            return quaternions.angle_between_rad(measured, q) <= self._limits.step_rad + _ROUNDING

        inside = self._upright(measured)
        if not is_close(inside):
            tilt, yaw = quaternions.tilt_and_yaw_rad(measured)
            raise DeviceError(
                f"the tool is tilted {tilt:.2f} rad and turned {yaw:.2f} rad, allowed are {self._limits.cone_rad} and "
                f"{self._limits.yaw_rad}; turn it back by hand or reset the robot"
            )
        wound_up = self._upright(start)
        anchor = _furthest(
            lambda part: quaternions.between(inside, wound_up, part), lambda q: is_close(q) and self._in_cone(q)
        )
        bits = 0 if quaternions.angle_between_rad(anchor, wound_up) <= 1e-6 else STEP
        wish = quaternions.normalised(quaternions.multiply(quaternions.from_rotation_vector(_vector(delta)), anchor))
        goal = self._upright(wish)
        bits |= 0 if goal is wish else ORIENTATION

        def turn(q: Quaternion) -> quaternions.Vector:
            return quaternions.to_rotation_vector(quaternions.multiply(q, quaternions.conjugate(anchor)))

        def is_slow(q: Quaternion) -> bool:
            vector = turn(q)
            # The executed action must be one: each component within [-1, 1] even after the cone bent the path.
            within = max(abs(part) for part in vector) <= self._scale_rad + _ROUNDING
            return within and math.hypot(*vector) <= self._reach_rad + _ROUNDING

        bits |= (0 if is_close(goal) else STEP) | (0 if is_slow(goal) else SPEED)
        # Turns may leave the cone between two orientations inside it, so every point walked to is checked against all.
        target = _furthest(
            lambda part: quaternions.between(anchor, goal, part),
            lambda q: is_close(q) and is_slow(q) and self._in_cone(q),
        )
        return target, np.array(turn(target)), bits

    def _clip(self, point: Floats64) -> Floats64:
        return np.clip(point, self._low, self._high)

    def _in_box(self, point: Floats64) -> bool:
        return bool((point >= self._low - _ROUNDING).all() and (point <= self._high + _ROUNDING).all())

    def _in_cone(self, q: Quaternion) -> bool:
        tilt, yaw = quaternions.tilt_and_yaw_rad(q)
        return tilt <= self._limits.cone_rad + _ROUNDING and abs(yaw) <= self._limits.yaw_rad + _ROUNDING

    def _upright(self, q: Quaternion) -> Quaternion:
        """Return ``q`` itself when it is inside the cone and the yaw range, else with tilt and yaw cut to them."""
        if self._in_cone(q):
            return q
        tilt, yaw = quaternions.split(q)
        angle, _ = quaternions.tilt_and_yaw_rad(q)
        part = min(1.0, self._limits.cone_rad / angle) if angle > 0.0 else 1.0
        tilt = quaternions.between(quaternions.IDENTITY, tilt, part)
        return quaternions.join(tilt, max(-self._limits.yaw_rad, min(self._limits.yaw_rad, yaw)))


def _furthest(at: Callable[[float], _Point], is_allowed: Callable[[_Point], bool]) -> _Point:
    """Return the point nearest to ``at(1)`` that is allowed, by halving; ``at(0)`` is allowed."""
    if is_allowed(at(1.0)):
        return at(1.0)
    best, low, high = at(0.0), 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        point = at(middle)
        if is_allowed(point):
            best, low = point, middle
        else:
            high = middle
    return best


def _pose(position_m: ArrayLike, quaternion_xyzw: ArrayLike) -> tuple[Floats64, Quaternion]:
    position = np.asarray(position_m, dtype=np.float64)
    numbers = np.asarray(quaternion_xyzw, dtype=np.float64)
    finite = (
        position.shape == (3,) and numbers.shape == (4,) and np.isfinite(position).all() and np.isfinite(numbers).all()
    )
    if not finite or abs(math.hypot(*numbers.tolist()) - 1.0) > 0.01:
        raise DeviceError(
            f"the robot's pose is none: expected 3 finite metres and a unit quaternion, got {position} and {numbers}"
        )
    return position, _quaternion(numbers)


def _quaternion(numbers: Floats64) -> Quaternion:
    x, y, z, w = (float(number) for number in numbers)
    return quaternions.normalised((x, y, z, w))


def _vector(numbers: Floats64) -> quaternions.Vector:
    return (float(numbers[0]), float(numbers[1]), float(numbers[2]))


def _length(vector: Floats64) -> float:
    return math.hypot(float(vector[0]), float(vector[1]), float(vector[2]))


def _show(position: Floats64) -> str:
    return f"({position[0]:.3f}, {position[1]:.3f}, {position[2]:.3f})"


def _is_open(wish: float, previous: Target | None) -> bool:
    if previous is None:
        return wish >= -GRIPPER_HYSTERESIS
    was_open = previous.gripper_width_m > GRIPPER_OPEN_M / 2
    return wish >= -GRIPPER_HYSTERESIS if was_open else wish > GRIPPER_HYSTERESIS
