"""The parts of the kitchen that a variation can paint or stretch; its own geoms have no names and share materials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mujoco

_VISUAL_GROUP = 1


@dataclass(frozen=True)
class Part:
    """Geoms of one kind on one body; they get a material of their own."""

    body: str
    shape: str
    """MuJoCo's name of their type: BOX, CYLINDER, ..."""
    rgba: tuple[float, float, float, float]


_METAL, _BLUE, _DARK = (0.75, 0.75, 0.77, 1.0), (0.40, 0.46, 0.58, 1.0), (0.2, 0.2, 0.2, 1.0)

PARTS = {
    "slide_door": Part("slidelink", "BOX", _BLUE),
    "slide_handle": Part("slidelink", "CYLINDER", _METAL),
    "left_door": Part("hingerightdoor", "BOX", _BLUE),
    "left_door_handle": Part("hingerightdoor", "CYLINDER", _METAL),
    "microwave_door": Part("microdoorroot", "MESH", _DARK),
    "microwave_handle": Part("microdoorroot", "CAPSULE", _METAL),
    "knob": Part("knob 2", "BOX", _METAL),
    "switch": Part("lightswitchroot", "CAPSULE", _METAL),
}


def name_parts(spec: Any) -> None:
    """Give each part its material, which bears its name."""
    for name, part in PARTS.items():
        spec.add_material(name=name, rgba=part.rgba)
        kind = getattr(mujoco.mjtGeom, f"mjGEOM_{part.shape}")
        for geom in spec.body(part.body).geoms:
            if geom.type == kind and geom.group == _VISUAL_GROUP:
                geom.material = name
