"""Where a simulated camera sits, as /tf_static says it: its optical frame in the base's or the tool's frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from irevla.config.errors import ConfigError
from irevla_nodes.sim.panda import TCP

_LOOK_WXYZ = np.array([0.0, 1.0, 0.0, 0.0])
"""MuJoCo's cameras look along -z with y up, REP 103's optical frames along +z with y down: half a turn about x."""


@dataclass(frozen=True, eq=False)
class Mount:
    """parent_T_optical; the parent is the tool's frame for a camera on the hand, else the base's."""

    is_on_tool: bool
    position_m: NDArray[np.float64]  # (3,)
    quaternion_xyzw: NDArray[np.float64]  # (4,)


def camera_mount(model: Any, name: str) -> Mount:
    """Return the mount of camera ``name`` of a compiled `mujoco.MjModel`.

    Raises ConfigError for a camera on a body that is neither the world nor the one with the tool's site.
    """
    camera, tool = model.camera(name), model.site(TCP)
    turn = np.zeros(4)
    mujoco.mju_mulQuat(turn, camera.quat, _LOOK_WXYZ)
    body = int(camera.bodyid[0])
    if body == 0:
        return Mount(False, camera.pos.copy(), _xyzw(turn))
    if body != int(tool.bodyid[0]):
        where = model.body(body).name
        raise ConfigError(f"camera {name!r}: expected one on the world or on the hand, got one on {where!r}")
    back, position, orientation = np.zeros(4), np.zeros(3), np.zeros(4)
    mujoco.mju_negQuat(back, tool.quat)
    mujoco.mju_rotVecQuat(position, camera.pos - tool.pos, back)
    mujoco.mju_mulQuat(orientation, back, turn)
    return Mount(True, position, _xyzw(orientation))


def _xyzw(wxyz: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.roll(wxyz / np.linalg.norm(wxyz), -1)
