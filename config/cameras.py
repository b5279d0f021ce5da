"""The cameras: one entry each, by name; the names are the VLA's views."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from irevla.config.section import Section


class CameraSettings(Section):
    """One camera."""

    backend: Literal["mujoco", "opencv", "realsense"] = Field("mujoco", description="who takes the pictures")
    source: str = Field("", description="device: V4L2 index or file (opencv), serial number (realsense)")
    width_px: int = Field(96, ge=16, le=1920, description="picture width [px]")
    height_px: int = Field(96, ge=16, le=1200, description="picture height [px]")
    rate_hz: float = Field(30.0, gt=0, le=120, description="pictures per second; in lockstep one a step [Hz]")
    optical_frame: str = Field("camera_optical_frame", description="REP 103 optical frame of the header")
