"""The way home after an episode: slow Cartesian steps through the same envelope as every other motion.

Not the driver's joint reset: SERL's /jointreset and a joint trajectory know no workspace, cross it in any direction,
and cannot be stopped by a hold until they end. A tool that stands too far outside the envelope for these steps is a
person's matter: guide it back by hand.
"""

from __future__ import annotations

import math

import numpy as np

from irevla.config.errors import ConfigError, ProposalError
from irevla.config.limits import LimitsSettings
from irevla.config.robot import RobotSettings
from irevla_nodes.arbiter import quaternion as quaternions
from irevla_nodes.arbiter.envelope import GRIPPER_OPEN_M, Envelope
from irevla_nodes.arbiter.quaternion import Quaternion
from irevla_nodes.arbiter.target import Floats64, Target
from irevla_nodes.sim.arm_state import ArmState

SET_POINT_M, SET_POINT_RAD = 1e-4, 1e-3
LIFTED_M = 0.005
"""So near to home's height the tool may go sideways."""


class HomePath:
    """First straight up to home's height, then over to home; never down through what stands on the table."""

    def __init__(self, robot: RobotSettings, limits: LimitsSettings) -> None:
        """Raise ConfigError when home is outside the limits."""
        self._envelope = Envelope(limits, robot)
        self._hardware = hardware = robot.hardware
        self._scale_m, self._scale_rad = robot.translation_scale_m, robot.rotation_scale_rad
        self._step_m = min(hardware.homing_speed_m_s / robot.policy_hz, self._scale_m)
        self._step_rad = min(hardware.homing_speed_rad_s / robot.policy_hz, self._scale_rad)
        turn = np.array(hardware.home_quaternion_xyzw)
        if abs(float(np.linalg.norm(turn)) - 1.0) > 0.01:
            raise ConfigError(f"robot.hardware.home_quaternion_xyzw: expected a unit quaternion, got {turn.tolist()}")
        self.home = Target(np.array(hardware.home_position_m), turn / np.linalg.norm(turn), GRIPPER_OPEN_M)
        if not self._envelope.allows(self.home):
            raise ConfigError(
                f"robot.hardware: home at {hardware.home_position_m} m, orientation {hardware.home_quaternion_xyzw}, "
                "is outside limits.workspace, cone_rad or yaw_rad; move it inside"
            )

    def is_home(self, arm: ArmState, set_point: Target) -> bool:
        """Say whether the set point is home and the measured tool stands near it."""
        away_m, away_rad = self._away(set_point.position_m, set_point.quaternion_xyzw)
        if away_m > SET_POINT_M or away_rad > SET_POINT_RAD:
            return False
        away_m, away_rad = self._away(arm.tcp_position_m, arm.tcp_quaternion_xyzw)
        return away_m <= self._hardware.home_tolerance_m and away_rad <= self._hardware.home_tolerance_rad

    def next(self, arm: ArmState, previous: Target | None) -> Target:
        """Return the target of the next policy step, given the measured arm and the previous target of this way.

        Raises DeviceError when the tool stands so far outside the limits that no allowed step leads back.
        """
        here_m = arm.tcp_position_m if previous is None else previous.position_m
        here = _tuple(arm.tcp_quaternion_xyzw if previous is None else previous.quaternion_xyzw)
        lift_m = float(self.home.position_m[2] - here_m[2])
        is_low = lift_m > LIFTED_M
        way_m = np.array([0.0, 0.0, lift_m]) if is_low else self.home.position_m - here_m
        goal = here if is_low else _tuple(self.home.quaternion_xyzw)
        turn = quaternions.to_rotation_vector(quaternions.multiply(goal, quaternions.conjugate(here)))
        action = np.zeros(7)
        action[:3] = _cut(way_m, self._step_m) / self._scale_m
        action[3:6] = _cut(np.array(turn), self._step_rad) / self._scale_rad
        action[6] = 1.0
        return self._envelope.command(action, arm.tcp_position_m, arm.tcp_quaternion_xyzw, previous).target

    def away(self, arm: ArmState) -> str:
        """Return in words how far from home the tool stands."""
        away_m, away_rad = self._away(arm.tcp_position_m, arm.tcp_quaternion_xyzw)
        return f"{away_m:.3f} m and {away_rad:.2f} rad from home"

    def check(self, target: Target) -> None:
        """Raise ProposalError for a target outside the limits: whoever commands, the arm is not sent there."""
        if not self._envelope.allows(target):
            raise ProposalError(
                f"arbiter/command: the target at {target.position_m.tolist()} m, orientation "
                f"{target.quaternion_xyzw.tolist()}, is outside the limits and was refused; who published it?"
            )

    def _away(self, position_m: Floats64, quaternion_xyzw: Floats64) -> tuple[float, float]:
        away_m = math.dist(position_m.tolist(), self.home.position_m.tolist())
        return away_m, quaternions.angle_between_rad(_tuple(quaternion_xyzw), _tuple(self.home.quaternion_xyzw))


def _cut(vector: Floats64, longest: float) -> Floats64:
    length = float(np.linalg.norm(vector))
    return vector * (longest / length) if length > longest else vector


def _tuple(quaternion: Floats64) -> Quaternion:
    x, y, z, w = quaternion.tolist()
    return (x, y, z, w)
