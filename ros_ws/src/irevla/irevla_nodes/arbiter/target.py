"""Where the tool should go: the one thing the impedance controller is told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats64 = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Target:
    """base_T_tcp and the distance between the finger tips; the arrays are copied and read-only."""

    position_m: Floats64  # (3,), base frame
    quaternion_xyzw: Floats64  # (4,), unit
    gripper_width_m: float  # 0 to 0.08

    def __post_init__(self) -> None:
        for name in ("position_m", "quaternion_xyzw"):
            array = np.array(getattr(self, name), dtype=np.float64)
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        object.__setattr__(self, "gripper_width_m", float(self.gripper_width_m))
