"""Pick up an object: blocks of five colours, an eggplant and a carrot; done when it is held 8 cm above the table."""

from __future__ import annotations

from typing import Any

import numpy as np

from irevla_nodes.sim.arm_state import ArmState
from irevla_nodes.sim.scenes.free_object import FreeObject
from irevla_nodes.sim.scenes.grasp import grasp, has_grasped, yaw_of
from irevla_nodes.sim.scenes.scene import Goal

LIFT_M = 0.08


class Pick:
    """One object lies somewhere in an area of 0.2 m by 0.3 m, turned any way."""

    def __init__(self, variant: str) -> None:
        self._object = FreeObject(variant)

    def build(self, spec: Any) -> None:
        """Add the object."""
        self._object.build(spec)

    def place(self, model: Any, data: Any, rng: np.random.Generator) -> None:
        """Lay the object down somewhere in the area."""
        x, y = rng.uniform((0.40, -0.15), (0.60, 0.15))
        self._object.place(model, data, (x, y), rng.uniform(-1, 1) * self._object.shape.yaw_rad)

    def is_done(self, model: Any, data: Any) -> bool:
        """Lifted by LIFT_M and touched by both fingers."""
        return self._object.lift_m(model, data) >= LIFT_M and self._object.is_held(model, data)

    def goal(self, model: Any, data: Any, arm: ArmState) -> Goal:
        """Above the object, down, close, up."""
        if not has_grasped(self._object, model, data, arm):
            return grasp(self._object, model, data, arm)
        x, y, _ = arm.tcp_position_m
        return Goal(np.array([x, y, self._object.shape.grasp_m + LIFT_M + 0.04]), yaw_of(arm), is_open=False)
