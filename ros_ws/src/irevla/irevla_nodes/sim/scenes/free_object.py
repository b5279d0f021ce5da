"""A thing that lies on the table and can be grasped: its shape, where it starts, whether it is held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from irevla.config.errors import UnknownNameError
from irevla_nodes.sim.collisions import THING
from irevla_nodes.sim.panda import FINGER_BODIES

BODY = "object"
_BOX, _ELLIPSOID = mujoco.mjtGeom.mjGEOM_BOX, mujoco.mjtGeom.mjGEOM_ELLIPSOID
_FRICTION = (1.0, 0.01, 0.002)  # sliding, torsional [m], rolling [m]: vegetables do not roll like balls


@dataclass(frozen=True)
class Part:
    """One geom of a shape: its MuJoCo type, half sizes, place along the long axis (x), colour.

    It stands as low as the body's largest part, so that the thing lies still and does not roll.
    """

    kind: Any
    size_m: tuple[float, float, float]
    x_m: float
    rgba: tuple[float, float, float, float]


@dataclass(frozen=True)
class Shape:
    """A graspable thing; its long axis, if it has one, is x."""

    parts: tuple[Part, ...]
    mass_kg: float
    rest_m: float  # height of the body's origin when it lies on the table
    grasp_m: float  # height of the tool when it grasps
    grip_m: float  # finger width when it is held
    symmetry_rad: float  # turn after which a grasp is the same
    yaw_rad: float  # start yaw is drawn from plus minus this


def _block(*rgb: float) -> Shape:
    colour = (rgb[0], rgb[1], rgb[2], 1.0)
    return Shape(
        (Part(_BOX, (0.0225, 0.0225, 0.0225), 0.0, colour),),
        mass_kg=0.08,
        rest_m=0.0225,
        grasp_m=0.02,
        grip_m=0.045,
        symmetry_rad=np.pi / 2,
        yaw_rad=np.pi / 4,
    )


_PURPLE = (0.30, 0.08, 0.36, 1.0)
_GREEN = (0.20, 0.45, 0.12, 1.0)
_ORANGE = (0.95, 0.45, 0.08, 1.0)
SHAPES = {
    "red_block": _block(0.80, 0.10, 0.08),
    "green_block": _block(0.10, 0.60, 0.15),
    "blue_block": _block(0.08, 0.20, 0.75),
    "yellow_block": _block(0.90, 0.78, 0.10),
    "purple_block": _block(0.45, 0.12, 0.60),
    "eggplant": Shape(
        (
            Part(_ELLIPSOID, (0.050, 0.027, 0.027), 0.012, _PURPLE),
            Part(_ELLIPSOID, (0.048, 0.019, 0.019), -0.030, _PURPLE),
            Part(_ELLIPSOID, (0.012, 0.014, 0.014), -0.072, _GREEN),
        ),
        mass_kg=0.08,
        rest_m=0.027,
        grasp_m=0.022,
        grip_m=0.052,
        symmetry_rad=np.pi,
        yaw_rad=1.4,
    ),
    "carrot": Shape(
        (
            Part(_ELLIPSOID, (0.055, 0.018, 0.018), 0.015, _ORANGE),
            Part(_ELLIPSOID, (0.060, 0.013, 0.013), -0.020, _ORANGE),
            Part(_ELLIPSOID, (0.016, 0.010, 0.010), 0.074, _GREEN),
        ),
        mass_kg=0.06,
        rest_m=0.018,
        grasp_m=0.016,
        grip_m=0.033,
        symmetry_rad=np.pi,
        yaw_rad=1.4,
    ),
    # The end of a cable: never lies alone.
    "plug": Shape(
        (Part(_BOX, (0.02, 0.011, 0.014), 0.0, (0.95, 0.80, 0.10, 1.0)),),
        mass_kg=0.03,
        rest_m=0.014,
        grasp_m=0.014,
        grip_m=0.022,
        symmetry_rad=np.pi,
        yaw_rad=0.0,
    ),
}


class FreeObject:
    """The graspable thing of a scene."""

    def __init__(self, variant: str) -> None:
        """Raise UnknownNameError for a shape that is not there."""
        if variant not in SHAPES:
            raise UnknownNameError("object", variant, SHAPES)
        self.shape = SHAPES[variant]

    def build(self, spec: Any) -> None:
        """Add the free body."""
        body = spec.worldbody.add_body(name=BODY, pos=(0.5, 0.0, self.shape.rest_m))
        body.add_freejoint(name=BODY)
        self.add_geoms(body)

    def add_geoms(self, body: Any) -> None:
        """Give ``body`` the shape."""
        for part in self.shape.parts:
            body.add_geom(
                type=part.kind,
                size=part.size_m,
                pos=(part.x_m, 0, part.size_m[2] - self.shape.rest_m),
                rgba=part.rgba,
                mass=self.shape.mass_kg / len(self.shape.parts),
                **THING,
                condim=6,
                friction=_FRICTION,
            )

    def place(self, model: Any, data: Any, xy_m: tuple[float, float], yaw_rad: float) -> None:
        """Write the start pose into ``data.qpos``."""
        address = model.joint(BODY).qposadr[0]
        data.qpos[address : address + 3] = (*xy_m, self.shape.rest_m)
        data.qpos[address + 3 : address + 7] = (np.cos(yaw_rad / 2), 0, 0, np.sin(yaw_rad / 2))

    def position_m(self, model: Any, data: Any) -> NDArray[np.float64]:
        """Return the body's origin in the base frame ``(3,)``."""
        return np.asarray(data.xpos[model.body(BODY).id])

    def lift_m(self, model: Any, data: Any) -> float:
        """Return how high the object is above where it rests on the table."""
        return float(self.position_m(model, data)[2]) - self.shape.rest_m

    def is_held(self, model: Any, data: Any) -> bool:
        """Say whether both fingers touch the object."""
        touching = self._touching(model, data)
        return all(model.body(name).id in touching for name in FINGER_BODIES)

    def is_touched(self, model: Any, data: Any) -> bool:
        """Say whether a finger touches the object."""
        touching = self._touching(model, data)
        return any(model.body(name).id in touching for name in FINGER_BODIES)

    @staticmethod
    def _touching(model: Any, data: Any) -> set[int]:
        bodies = model.geom_bodyid[data.contact.geom]
        return set(bodies[(bodies == model.body(BODY).id).any(axis=1)].ravel().tolist())

    def yaw_rad(self, model: Any, data: Any) -> float:
        """Return the tool's yaw that puts the fingers across the short axis, the one nearest to straight ahead."""
        long_axis = data.xmat[model.body(BODY).id].reshape(3, 3)[:, 0]
        period = self.shape.symmetry_rad
        return float((np.arctan2(long_axis[1], long_axis[0]) + period / 2) % period - period / 2)
