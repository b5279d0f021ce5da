"""The arm as measured once a policy step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class ArmState:
    """Joint values are ``(7,)``; the tool's pose is base_T_tcp, its twist (m/s, rad/s) is in the base frame."""

    time_s: float
    joint_position_rad: NDArray[np.float64]
    joint_velocity_rad_s: NDArray[np.float64]
    joint_effort_nm: NDArray[np.float64]
    tcp_position_m: NDArray[np.float64]
    tcp_quaternion_xyzw: NDArray[np.float64]
    tcp_twist: NDArray[np.float64]
    gripper_width_m: float
