"""A body stuck to the table whose place differs from episode to episode, and is therefore part of `qpos`."""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

BODY = "fixture"
_AXES = {"x": (1.0, 0.0, 0.0), "y": (0.0, 1.0, 0.0), "yaw": (0.0, 0.0, 1.0)}
# As good as glued: 100 N move it by a millimetre a second.
_GLUE = 1e5


def add_fixture(spec: Any) -> Any:
    """Return a new body at the table's height with joints x, y and yaw that hardly move."""
    body = spec.worldbody.add_body(name=BODY)
    for name, axis in _AXES.items():
        kind = mujoco.mjtJoint.mjJNT_HINGE if name == "yaw" else mujoco.mjtJoint.mjJNT_SLIDE
        body.add_joint(name=f"{BODY}_{name}", type=kind, axis=axis, damping=(_GLUE, 0.0, 0.0), armature=1.0)
    return body


def place_fixture(model: Any, data: Any, x_m: float, y_m: float, yaw_rad: float) -> None:
    """Write the fixture's place into ``data.qpos``."""
    for name, value in zip(_AXES, (x_m, y_m, yaw_rad), strict=True):
        data.qpos[model.joint(f"{BODY}_{name}").qposadr[0]] = value


def fixture_point(model: Any, data: Any, local_m: tuple[float, float, float]) -> NDArray[np.float64]:
    """Return a point of the fixture's frame in the base frame ``(3,)``."""
    body = model.body(BODY).id
    return np.asarray(data.xpos[body] + data.xmat[body].reshape(3, 3) @ np.array(local_m))


def fixture_yaw(model: Any, data: Any) -> float:
    """Return the fixture's turn about the base's z axis [rad]."""
    return float(data.qpos[model.joint(f"{BODY}_yaw").qposadr[0]])
