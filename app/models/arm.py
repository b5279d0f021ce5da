"""The arm as bars: how far the gripper is open, how near the walls of the workspace are."""

from __future__ import annotations

import math
from dataclasses import dataclass

from irevla.app.models.rig import Rig

OPEN_M = 0.08  # RobotState: widest distance of the finger tips
NEAR_M = 0.02
FAR_M = 0.25  # a bar is full from here on: what counts is how near a wall is
WALLS = ("back −x", "front +x", "right −y", "left +y", "table −z", "top +z")  # ArbiterStatus.margin_m


@dataclass(frozen=True)
class Bar:
    """One bar; ``level`` in [0, 1]."""

    level: float
    words: str
    is_bad: bool = False


NOT_HEARD = Bar(0.0, "–")


@dataclass(frozen=True)
class ArmState:
    """What the arm's card shows."""

    gripper: Bar
    walls: tuple[Bar, ...]  # (6,), in the order of WALLS
    error: str


def arm_state(rig: Rig) -> ArmState:
    """Return the bars for what is known of the rig."""
    width_m = math.nan if rig.arm is None else rig.arm.gripper_width_m
    margins_m = () if rig.arbiter is None else rig.arbiter.margin_m
    return ArmState(
        gripper=NOT_HEARD if math.isnan(width_m) else Bar(_share(width_m / OPEN_M), f"{1000 * width_m:.0f} mm"),
        walls=tuple(_wall(margins_m[place] if place < len(margins_m) else math.nan) for place in range(len(WALLS))),
        error="" if rig.arm is None else rig.arm.error,
    )


def _wall(margin_m: float) -> Bar:
    if not math.isfinite(margin_m):
        return NOT_HEARD
    return Bar(_share(margin_m / FAR_M), f"{100 * margin_m:.1f} cm", margin_m < NEAR_M)


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))
