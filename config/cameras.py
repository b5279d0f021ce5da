"""The cameras: one entry each, by name; the names are the VLA's views."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import Field, model_validator

from irevla.config.section import Section


class CameraSettings(Section):
    """One camera."""

    backend: Literal["mujoco", "opencv", "realsense"] = Field("mujoco", description="who takes the pictures")
    source: str = Field("", description="device: V4L2 index or file (opencv), serial number (realsense)")
    width_px: int = Field(96, ge=16, le=1920, description="picture width [px]")
    height_px: int = Field(96, ge=16, le=1200, description="picture height [px]")
    rate_hz: float = Field(30.0, gt=0, le=120, description="pictures per second; in lockstep one a step [Hz]")
    optical_frame: str = Field("camera_optical_frame", description="REP 103 optical frame of the header")
    parent_frame: str = Field(
        "", description="frame a real camera is fixed to, for /tf_static; empty: not known, nothing published"
    )
    mount_position_m: tuple[float, float, float] = Field(
        (0.0, 0.0, 0.0), description="origin of the optical frame in parent_frame [m]"
    )
    mount_quaternion_xyzw: tuple[float, float, float, float] = Field(
        (0.0, 0.0, 0.0, 1.0),
        description="orientation of the optical frame in parent_frame (z forward, x right, y down)",
    )

    @model_validator(mode="after")
    def _mount_is_one(self) -> CameraSettings:
        if not math.isclose(math.hypot(*self.mount_quaternion_xyzw), 1.0, abs_tol=1e-3):
            raise ValueError(
                f"mount_quaternion_xyzw: expected a unit quaternion x y z w, got {self.mount_quaternion_xyzw}"
            )
        if self.parent_frame and self.backend == "mujoco":
            raise ValueError(
                f"parent_frame: expected none for a simulated camera, whose mount is in the model, got "
                f"{self.parent_frame!r}; leave it out"
            )
        return self
