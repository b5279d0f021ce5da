"""Open a drawer: hook the handle with closed fingers and pull; done when it is 10 cm open."""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np

from irevla.config.errors import UnknownNameError
from irevla_nodes.sim.arm_state import ArmState
from irevla_nodes.sim.collisions import FIXTURE
from irevla_nodes.sim.scenes.fixture import add_fixture, fixture_point, fixture_yaw, place_fixture
from irevla_nodes.sim.scenes.scene import Goal

COLOURS = {"wood": (0.42, 0.27, 0.14, 1.0), "white": (0.85, 0.85, 0.85, 1.0)}
JOINT = "drawer"
OPEN_M = 0.10
_LENGTH_M, _WIDTH_M, _HEIGHT_M = 0.20, 0.20, 0.075
_GAP_M = 0.042  # between front and handle: room for the fingers
_HANDLE_Z_M = 0.045
HOVER_M, HOOKED_M, PULL_M = 0.07, 0.03, 0.06
_STEEL = (0.75, 0.76, 0.78, 1.0)
_BOX = mujoco.mjtGeom.mjGEOM_BOX


class Drawer:
    """The cabinet stands across the table, its drawer towards the robot, a little turned."""

    def __init__(self, variant: str) -> None:
        if variant not in COLOURS:
            raise UnknownNameError("drawer", variant, COLOURS)
        self._colour = COLOURS[variant]

    def build(self, spec: Any) -> None:
        """Add the cabinet, whose frame is the middle of its front at the table's height, and the drawer."""
        cabinet = add_fixture(spec)
        half = _WIDTH_M / 2
        for size, pos in (
            ((_LENGTH_M / 2, half, 0.004), (_LENGTH_M / 2, 0, _HEIGHT_M)),
            ((_LENGTH_M / 2, 0.004, _HEIGHT_M / 2), (_LENGTH_M / 2, half, _HEIGHT_M / 2)),
            ((_LENGTH_M / 2, 0.004, _HEIGHT_M / 2), (_LENGTH_M / 2, -half, _HEIGHT_M / 2)),
            ((0.004, half, _HEIGHT_M / 2), (_LENGTH_M, 0, _HEIGHT_M / 2)),
        ):
            cabinet.add_geom(type=_BOX, size=size, pos=pos, rgba=self._colour, mass=0.3, **FIXTURE)
        drawer = cabinet.add_body(name=JOINT)
        drawer.add_joint(
            name=JOINT,
            type=mujoco.mjtJoint.mjJNT_SLIDE,
            axis=(-1, 0, 0),
            limited=True,
            range=(0.0, 0.16),
            damping=(8.0, 0.0, 0.0),
            frictionloss=1.0,
        )
        light = tuple(0.4 + 0.6 * value for value in self._colour[:3])
        inner = half - 0.008
        for size, pos, rgba in (
            ((0.005, inner, _HEIGHT_M / 2 - 0.006), (0.005, 0, _HEIGHT_M / 2), (*light, 1.0)),
            ((_LENGTH_M / 2 - 0.01, inner, 0.003), (_LENGTH_M / 2, 0, 0.008), (*light, 1.0)),
            ((0.006, 0.045, 0.008), (-_GAP_M, 0, _HANDLE_Z_M), _STEEL),
            ((_GAP_M / 2, 0.005, 0.005), (-_GAP_M / 2, 0.05, _HANDLE_Z_M), _STEEL),
            ((_GAP_M / 2, 0.005, 0.005), (-_GAP_M / 2, -0.05, _HANDLE_Z_M), _STEEL),
        ):
            drawer.add_geom(type=_BOX, size=size, pos=pos, rgba=rgba, mass=0.1, **FIXTURE)

    def place(self, model: Any, data: Any, rng: np.random.Generator) -> None:
        """Put the cabinet somewhere across the table."""
        x, y = rng.uniform((0.54, -0.12), (0.62, 0.12))
        place_fixture(model, data, x, y, rng.uniform(-0.25, 0.25))

    def is_done(self, model: Any, data: Any) -> bool:
        """Open far enough."""
        return bool(self._opening_m(model, data) > OPEN_M)

    def goal(self, model: Any, data: Any, arm: ArmState) -> Goal:
        """Behind the handle from above, then pull along the drawer."""
        opening_m = self._opening_m(model, data)
        yaw_rad = fixture_yaw(model, data)
        behind = fixture_point(model, data, (-opening_m - _GAP_M / 2, 0.0, _HANDLE_Z_M))
        along = np.array([np.cos(yaw_rad), np.sin(yaw_rad), 0.0])
        across = np.array([-along[1], along[0], 0.0])
        error = behind - arm.tcp_position_m
        along_m, across_m = abs(float(error @ along)), abs(float(error @ across))
        if along_m < HOOKED_M and arm.tcp_position_m[2] < _HANDLE_Z_M + 0.008:
            return Goal(behind - PULL_M * along, yaw_rad, is_open=False)
        # The gap takes closed fingers only, and those with 8 mm to spare either way; across, the handle is wide.
        aside_m = max(along_m - 0.008, across_m - 0.025, 0.0)
        height_m = min(HOVER_M, 6.0 * aside_m) + (0.03 if arm.gripper_width_m > 0.03 else 0.0)
        return Goal(behind + np.array([0.0, 0.0, height_m - 0.005]), yaw_rad, is_open=False)

    @staticmethod
    def _opening_m(model: Any, data: Any) -> float:
        return float(data.qpos[model.joint(JOINT).qposadr[0]])
