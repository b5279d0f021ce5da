"""Place a block in a bowl: done when it lies in the bowl and the fingers have let go."""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np

from irevla_nodes.sim.arm_state import ArmState
from irevla_nodes.sim.collisions import FIXTURE
from irevla_nodes.sim.scenes.fixture import add_fixture, fixture_point, place_fixture
from irevla_nodes.sim.scenes.free_object import FreeObject
from irevla_nodes.sim.scenes.grasp import grasp, has_grasped, yaw_of
from irevla_nodes.sim.scenes.scene import Goal

BOWL_RADIUS_M = 0.065
WALL_M = 0.035  # height of the rim
CARRY_M = 0.11  # height of the tool on the way to the bowl
RELEASE_M = 0.075
_WALLS = 10
_COLOUR = (0.85, 0.85, 0.80, 1.0)


class Place:
    """The block lies on the right or left half of the table, the bowl on the other."""

    def __init__(self, variant: str) -> None:
        self._object = FreeObject(variant)

    def build(self, spec: Any) -> None:
        """Add the block, and the bowl: a disc inside a ring of tilted walls."""
        self._object.build(spec)
        bowl = add_fixture(spec)
        bowl.add_geom(
            type=mujoco.mjtGeom.mjGEOM_CYLINDER,
            size=(BOWL_RADIUS_M - 0.005, 0.003, 0),
            pos=(0, 0, 0.003),
            rgba=_COLOUR,
            mass=0.1,
            **FIXTURE,
        )
        width_m = BOWL_RADIUS_M * np.tan(np.pi / _WALLS) * 1.1
        for angle in np.arange(_WALLS) * 2 * np.pi / _WALLS:
            frame = bowl.add_frame(quat=(np.cos(angle / 2), 0, 0, np.sin(angle / 2)))
            wall = bowl.add_geom(
                type=mujoco.mjtGeom.mjGEOM_BOX,
                size=(0.003, width_m, WALL_M / 2 + 0.002),
                pos=(BOWL_RADIUS_M, 0, WALL_M / 2),
                quat=(np.cos(0.15), 0, np.sin(0.15), 0),
                rgba=_COLOUR,
                mass=0.02,
                **FIXTURE,
            )
            wall.set_frame(frame)

    def place(self, model: Any, data: Any, rng: np.random.Generator) -> None:
        """Put block and bowl on different sides."""
        side = rng.choice((-1.0, 1.0))
        x, y = rng.uniform((0.40, 0.04), (0.58, 0.14))
        self._object.place(model, data, (x, side * y), rng.uniform(-1, 1) * self._object.shape.yaw_rad)
        x, y = rng.uniform((0.42, 0.09), (0.56, 0.16))
        place_fixture(model, data, x, -side * y, 0.0)

    def is_done(self, model: Any, data: Any) -> bool:
        """Within the rim, below its height, let go."""
        away = self._object.position_m(model, data) - fixture_point(model, data, (0, 0, 0))
        inside = float(np.hypot(away[0], away[1])) < BOWL_RADIUS_M - 0.01 and away[2] < WALL_M
        return bool(inside) and not self._object.is_touched(model, data)

    def goal(self, model: Any, data: Any, arm: ArmState) -> Goal:
        """Grasp, carry high, lower over the bowl, open, and away."""
        bowl = fixture_point(model, data, (0, 0, 0))
        x, y, z = arm.tcp_position_m
        away = self._object.position_m(model, data) - bowl
        if np.hypot(away[0], away[1]) < BOWL_RADIUS_M - 0.01 and arm.gripper_width_m > 0.06:
            return Goal(np.array([x, y, CARRY_M + 0.06]), yaw_of(arm), is_open=True)
        if not has_grasped(self._object, model, data, arm):
            return grasp(self._object, model, data, arm)
        aside_m = float(np.hypot(bowl[0] - x, bowl[1] - y))
        if aside_m > 0.03:
            # Straight up first: the block must not scrape over the table or into the rim.
            share = float(np.clip((z - 0.04) / 0.05, 0.0, 1.0))
            carry = np.array([x + share * (bowl[0] - x), y + share * (bowl[1] - y), CARRY_M])
            return Goal(carry, yaw_of(arm), is_open=False)
        return Goal(np.array([bowl[0], bowl[1], RELEASE_M - 0.005]), yaw_of(arm), is_open=z < RELEASE_M + 0.01)
