"""The data format of an observation and an action, written once; numpy only.

An observation is what the VLA sees at one policy step:

``images``       one uint8 array ``(H, W, 3)`` RGB per camera, by camera name (``front``, ``wrist``)
``state``        float32 ``(7,)``: tool position x y z in the base frame [m]; rotation vector of the tool relative to
                 pointing straight down, in the base frame [rad]; distance between the finger tips [m]
``instruction``  free text

An action is float32 ``(7,)`` in [-1, 1]: tool translation x y z and rotation vector, both in the base frame and scaled
by ``robot.translation_scale_m`` and ``robot.rotation_scale_rad``; gripper, -1 closed to +1 open (negative closes).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STATE_DIM = 7
ACTION_DIM = 7

Floats = NDArray[np.float32]
Image = NDArray[np.uint8]


@dataclass(frozen=True)
class Observation:
    """What the VLA sees at one policy step; shapes and units in the module's docstring."""

    images: dict[str, Image]
    state: Floats
    instruction: str


def state_vector(
    position_m: NDArray[np.float64], quaternion_xyzw: NDArray[np.float64], gripper_width_m: float
) -> Floats:
    """Return the observation's state ``(7,)`` from base_T_tcp ``(3,)``, ``(4,)`` and the gripper's width."""
    x, y, z, w = np.asarray(quaternion_xyzw, dtype=np.float64) / np.linalg.norm(quaternion_xyzw)
    # The tool points down at R_x(pi), quaternion (1, 0, 0, 0); q * conj(down) keeps the vector small and continuous.
    relative = np.array([-w, -z, y, x])
    if relative[3] < 0:
        relative = -relative
    sine = np.linalg.norm(relative[:3])
    angle = 2.0 * np.arctan2(sine, relative[3])
    rotation = relative[:3] * (angle / sine if sine > 1e-9 else 2.0)
    return np.concatenate([position_m, rotation, [gripper_width_m]]).astype(np.float32)
