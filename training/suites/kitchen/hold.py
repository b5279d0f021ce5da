"""How the hand takes hold of each fixture, and which way it moves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from irevla.training.suites.task import Triple


@dataclass(frozen=True)
class Hold:
    """A hold on a fixture's site."""

    lead: float
    """How far ahead of the joint the hand is sent [m, rad]; its sign opens."""
    grasps: bool = False
    """Whether the fingers close around the site; else they push it, closed."""
    point_m: Triple = (0.0, 0.0, 0.0)
    """From the site to where it is held, along the axes of what moves."""
    offset_m: Triple = (0.0, 0.0, 0.0)
    """From there to the tool before it pushes, along the kitchen's axes."""
    yaw_rad: float = 0.0
    """Of the hand about the vertical; 0 points straight into the kitchen, positive to the left."""


HOLDS: Mapping[str, Hold] = {
    "bottom burner": Hold(lead=-0.4, point_m=(0.0, 0.04, 0.0), offset_m=(-0.06, 0.0, 0.0)),
    "light switch": Hold(lead=-0.9, offset_m=(0.06, 0.0, 0.0)),
    "slide cabinet": Hold(lead=0.02, point_m=(0.0, 0.0, -0.08), offset_m=(-0.06, 0.0, 0.0)),
    "hinge cabinet": Hold(lead=0.5, point_m=(0.0, 0.0, -0.13), grasps=True, yaw_rad=-0.15),
    "microwave": Hold(lead=-0.12, point_m=(0.0, 0.01, 0.0), grasps=True, yaw_rad=0.3),
}
