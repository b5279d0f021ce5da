"""The scripted grasp that several experts share: down a funnel onto the object, then close."""

from __future__ import annotations

from math import hypot
from typing import Any

import numpy as np

from irevla_nodes.arbiter import quaternion as quaternions
from irevla_nodes.sim.arm_state import ArmState
from irevla_nodes.sim.scenes.free_object import FreeObject
from irevla_nodes.sim.scenes.scene import Goal

HOVER_M = 0.08  # above the grasp height: the finger tips clear every object
NEAR_M = 0.012  # sideways error at which the fingers go around the object
NEAR_RAD = 0.3
LOW_M = 0.02
FUNNEL = 4.0  # metres up per metre of sideways error beyond NEAR_M


def grasp(thing: FreeObject, model: Any, data: Any, arm: ArmState) -> Goal:
    """Return the goal that brings the open fingers around the object, or closes them once they are."""
    x, y, z = thing.position_m(model, data)
    tcp_x, tcp_y, tcp_z = arm.tcp_position_m
    yaw_rad = thing.yaw_rad(model, data)
    aside_m = hypot(x - tcp_x, y - tcp_y)
    turn = abs(yaw_of(arm) - yaw_rad)
    grasp_m = z - thing.shape.rest_m + thing.shape.grasp_m
    height_m = min(HOVER_M, FUNNEL * max(0.0, aside_m - NEAR_M))
    if turn > NEAR_RAD:
        height_m = HOVER_M
    if tcp_z < grasp_m + height_m - LOW_M:
        # Beside the object and too low: straight up, so as not to push it away.
        x, y, yaw_rad = tcp_x, tcp_y, yaw_of(arm)
    around = aside_m < NEAR_M and turn < NEAR_RAD and abs(tcp_z - grasp_m) < NEAR_M
    closing = around and arm.gripper_width_m > thing.shape.grip_m - 0.012
    return Goal(np.array([x, y, grasp_m + height_m]), yaw_rad, is_open=not closing)


def yaw_of(arm: ArmState) -> float:
    """Return the tool's yaw about the base's z axis [rad]."""
    return quaternions.tilt_and_yaw_rad(quaternion_of(arm))[1]


def quaternion_of(arm: ArmState) -> quaternions.Quaternion:
    """Return the tool's orientation as the arbiter's four numbers, x y z w."""
    x, y, z, w = arm.tcp_quaternion_xyzw.tolist()
    return (x, y, z, w)


def has_grasped(thing: FreeObject, model: Any, data: Any, arm: ArmState) -> bool:
    """Say whether the fingers have closed onto the object."""
    far_m = float(np.linalg.norm(thing.position_m(model, data) - arm.tcp_position_m))
    width_m = arm.gripper_width_m
    return far_m < 0.03 and thing.shape.grip_m - 0.012 < width_m < thing.shape.grip_m + 0.008
