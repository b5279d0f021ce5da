"""Route a cable: lay a cable, fixed at one end, into a clip; done when it runs between the clip's posts."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from irevla.config.errors import UnknownNameError
from irevla_nodes.sim.arm_state import ArmState
from irevla_nodes.sim.collisions import CABLE, FIXTURE
from irevla_nodes.sim.scenes.fixture import add_fixture, fixture_point, fixture_yaw, place_fixture
from irevla_nodes.sim.scenes.free_object import BODY, FreeObject
from irevla_nodes.sim.scenes.grasp import grasp, has_grasped
from irevla_nodes.sim.scenes.scene import Goal

COLOURS = {"black": (0.06, 0.06, 0.07, 1.0), "orange": (0.95, 0.45, 0.08, 1.0)}
LINKS = 9
LINK_M = 0.026
RADIUS_M = 0.005
CLIP_M = 0.12  # from the fixed end to the clip, along the fixture's x
POST_M = 0.028  # height of the clip's posts
POST_RADIUS_M = 0.010
SLOT_M = 0.034  # inner distance of the posts
CARRY_M, LAID_M = 0.12, 0.014  # height of the tool on the way and at the end
LENGTH_M = LINKS * LINK_M + 0.02  # fixed end to the plug's middle
CARRY_REACH_M, LAID_REACH_M = LENGTH_M - 0.035, LENGTH_M - 0.012  # the plug's distance from the fixed end
ASIDE_M, IN_LINE_RAD = (
    0.012,
    0.2,
)  # cable beside the clip's middle, plug out of line: less is good enough to lay it down
OVER_RAD = 0.12
_GEOM = mujoco.mjtGeom
_STEEL = (0.75, 0.76, 0.78, 1.0)


class Cable:
    """The cable's fixed end and the clip are one fixture; the cable lies to one side of the clip."""

    def __init__(self, variant: str) -> None:
        if variant not in COLOURS:
            raise UnknownNameError("cable", variant, COLOURS)
        self._colour = COLOURS[variant]
        self._plug = FreeObject("plug")

    def build(self, spec: Any) -> None:
        """Add the fixture (anchor and two posts) and the chain of links that ends in the plug."""
        fixture = add_fixture(spec)
        fixture.add_geom(
            type=_GEOM.mjGEOM_BOX, size=(0.02, 0.02, 0.012), pos=(-0.02, 0, 0.012), rgba=_STEEL, mass=0.2, **FIXTURE
        )
        for side in (-1.0, 1.0):
            y = side * (SLOT_M / 2 + POST_RADIUS_M)
            fixture.add_geom(
                type=_GEOM.mjGEOM_CAPSULE,  # round tops: the cable slides off
                fromto=(CLIP_M, y, 0.0, CLIP_M, y, POST_M - POST_RADIUS_M),
                size=(POST_RADIUS_M, 0, 0),
                rgba=_STEEL,
                mass=0.2,
                **FIXTURE,
            )
        parent = fixture
        for index in range(LINKS):
            link = parent.add_body(name=f"link{index}", pos=(LINK_M, 0, 0) if index else (0, 0, RADIUS_M))
            for axis, name in (((0, 0, 1), "yaw"), ((0, 1, 0), "pitch")):
                link.add_joint(
                    name=f"link{index}_{name}",
                    type=mujoco.mjtJoint.mjJNT_HINGE,
                    axis=axis,
                    damping=(0.002, 0.0, 0.0),
                    stiffness=(0.002, 0.0, 0.0),
                    armature=2e-5,
                )
            link.add_geom(
                type=_GEOM.mjGEOM_CAPSULE,
                fromto=(0, 0, 0, LINK_M, 0, 0),
                size=(RADIUS_M, 0, 0),
                rgba=self._colour,
                mass=0.004,
                friction=(0.4, 0.01, 0.001),
                **CABLE,
            )
            parent = link
        plug = parent.add_body(name=BODY, pos=(LINK_M + 0.02, 0, 0))
        self._plug.add_geoms(plug)

    def place(self, model: Any, data: Any, rng: np.random.Generator) -> None:
        """Put the fixture somewhere, and swing the cable 25 to 45 degrees to a side of the clip, slightly bent."""
        x, y = rng.uniform((0.34, -0.08), (0.40, 0.08))
        place_fixture(model, data, x, y, rng.uniform(-0.25, 0.25))
        side = rng.choice((-1.0, 1.0))
        swing, bend = side * rng.uniform(0.45, 0.75), side * rng.uniform(0.0, 0.05)
        for index in range(LINKS):
            data.qpos[model.joint(f"link{index}_yaw").qposadr[0]] = swing if index == 0 else bend

    def is_done(self, model: Any, data: Any) -> bool:
        """The cable crosses the clip's line between the posts and below their tops."""
        crossing = self._crossing(model, data)
        if crossing is None:
            return False
        return bool(abs(crossing[1]) < SLOT_M / 2 and crossing[2] < POST_M - 2 * RADIUS_M)

    def goal(self, model: Any, data: Any, arm: ArmState) -> Goal:
        """Grasp the plug, swing it over the clip in line with the fixed end, pull it down."""
        if not has_grasped(self._plug, model, data, arm):
            return grasp(self._plug, model, data, arm)
        x, y, z = arm.tcp_position_m
        start = fixture_point(model, data, (0.0, 0.0, 0.0))
        cable_rad = float(np.arctan2(y - start[1], x - start[0]))
        line_rad = fixture_yaw(model, data)
        crossing = self._crossing(model, data)
        aside_m = float(crossing[1]) if crossing is not None else CLIP_M * (cable_rad - line_rad)
        if abs(aside_m) > ASIDE_M or abs(cable_rad - line_rad) > IN_LINE_RAD:
            # Up and a little in, then around the fixed end, past the line when the cable lags behind: it must clear the
            # posts, and a taut one slips out.
            reach_m, height_m = CARRY_REACH_M, CARRY_M
            line_rad -= float(np.clip(aside_m / CLIP_M, -OVER_RAD, OVER_RAD))
            line_rad = cable_rad + float(np.clip((z - 0.04) / 0.05, 0.0, 1.0)) * (line_rad - cable_rad)
        else:
            reach_m, height_m = LAID_REACH_M, LAID_M
        goal = start + np.array([reach_m * np.cos(line_rad), reach_m * np.sin(line_rad), 0.0])
        return Goal(np.array([goal[0], goal[1], height_m]), cable_rad, is_open=False)

    @staticmethod
    def _crossing(model: Any, data: Any) -> NDArray[np.float64] | None:
        """Return where the cable passes the clip, in the fixture's frame ``(3,)``; None when it does not reach it."""
        body = model.body("fixture").id
        base_R_fixture = data.xmat[body].reshape(3, 3)
        names = [f"link{index}" for index in range(LINKS)] + [BODY]
        points = [base_R_fixture.T @ (data.xpos[model.body(name).id] - data.xpos[body]) for name in names]
        for near, far in pairwise(points):
            if near[0] <= CLIP_M < far[0]:
                return np.asarray(near + (far - near) * (CLIP_M - near[0]) / (far[0] - near[0]))
        return None
