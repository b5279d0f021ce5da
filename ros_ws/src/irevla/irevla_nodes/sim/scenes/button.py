"""Press a button: a sprung cap on a box; done when it is down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mujoco
import numpy as np

from irevla.config.errors import UnknownNameError
from irevla_nodes.sim.arm_state import ArmState
from irevla_nodes.sim.collisions import FIXTURE
from irevla_nodes.sim.scenes.fixture import add_fixture, fixture_point, place_fixture
from irevla_nodes.sim.scenes.scene import Goal

Rgba = tuple[float, float, float, float]


@dataclass(frozen=True)
class Kind:
    """What tells one button from another."""

    cap_rgba: Rgba
    box_m: float  # height of the box under the cap
    cap_m: float  # height of the cap when it is up
    stiffness_n_m: float = 250.0  # 250: stays up by 2 N, needs about 5 N at the bottom
    deep_m: float = 0.02  # the expert aims so far below the cap's top


_RED: Rgba = (0.85, 0.08, 0.08, 1.0)
KINDS = {
    "red": Kind(_RED, 0.036, 0.02),
    "blue": Kind((0.10, 0.25, 0.85, 1.0), 0.036, 0.02),
    "stiff": Kind(_RED, 0.012, 0.017, 1900.0, 0.045),  # also 27 mm lower; needs about 32 N
}
JOINT = "button"
TRAVEL_M = 0.012
CAP_RADIUS_M = 0.024
PRESSED = 0.75  # share of the travel that counts
HOVER_M, NEAR_M = 0.06, 0.014  # above the cap, sideways error that still hits it
TIP_M = 0.0095  # the finger tips reach this far below the tool's centre


class Button:
    """The button stands somewhere in an area of 0.2 m by 0.3 m."""

    def __init__(self, variant: str) -> None:
        if variant not in KINDS:
            raise UnknownNameError("button", variant, KINDS)
        self._kind = KINDS[variant]

    def build(self, spec: Any) -> None:
        """Add the box and its sprung cap."""
        box = add_fixture(spec)
        box.add_geom(
            type=mujoco.mjtGeom.mjGEOM_BOX,
            size=(0.045, 0.045, self._kind.box_m / 2),
            pos=(0, 0, self._kind.box_m / 2),
            rgba=(0.20, 0.20, 0.22, 1.0),
            mass=0.3,
            **FIXTURE,
        )
        cap = box.add_body(name=JOINT, pos=(0, 0, self._kind.box_m))
        cap.add_joint(
            name=JOINT,
            type=mujoco.mjtJoint.mjJNT_SLIDE,
            axis=(0, 0, -1),
            limited=True,
            range=(0.0, TRAVEL_M),
            stiffness=(self._kind.stiffness_n_m, 0.0, 0.0),
            springref=-0.008,
            damping=(5.0, 0.0, 0.0),
            armature=0.02,
        )
        cap.add_geom(
            type=mujoco.mjtGeom.mjGEOM_CYLINDER,
            size=(CAP_RADIUS_M, self._kind.cap_m / 2, 0),
            pos=(0, 0, self._kind.cap_m / 2),
            rgba=self._kind.cap_rgba,
            mass=0.03,
            **FIXTURE,
        )

    def place(self, model: Any, data: Any, rng: np.random.Generator) -> None:
        """Put it somewhere in the area."""
        x, y = rng.uniform((0.40, -0.15), (0.60, 0.15))
        place_fixture(model, data, x, y, rng.uniform(-0.6, 0.6))

    def is_done(self, model: Any, data: Any) -> bool:
        """Pressed far enough."""
        return bool(data.qpos[model.joint(JOINT).qposadr[0]] > PRESSED * TRAVEL_M)

    def goal(self, model: Any, data: Any, arm: ArmState) -> Goal:
        """Above the cap with closed fingers, then down past it."""
        x, y, top_m = fixture_point(model, data, (0, 0, self._kind.box_m + self._kind.cap_m))
        aside_m = float(np.hypot(x - arm.tcp_position_m[0], y - arm.tcp_position_m[1]))
        over_m = aside_m - NEAR_M
        height_m = -self._kind.deep_m if over_m < 0 else min(HOVER_M, 0.02 + 2.0 * over_m)
        return Goal(np.array([x, y, top_m + TIP_M + height_m]), 0.0, is_open=False)
