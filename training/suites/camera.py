"""How a fixed camera is turned."""

from __future__ import annotations

import mujoco
import numpy as np
from numpy.typing import NDArray

from irevla.training.suites.task import Triple


def looking_at(eye: Triple, aim: Triple, up: Triple = (0.0, 0.0, 1.0)) -> NDArray[np.float64]:
    """Return w x y z of a camera at ``eye`` that sees ``up`` upwards; MuJoCo's cameras look along -z."""
    back = np.subtract(eye, aim) / np.linalg.norm(np.subtract(eye, aim))
    right = np.cross(up, back)
    right /= np.linalg.norm(right)
    quaternion = np.zeros(4)
    mujoco.mju_mat2Quat(quaternion, np.column_stack([right, np.cross(back, right), back]).ravel())
    return quaternion
