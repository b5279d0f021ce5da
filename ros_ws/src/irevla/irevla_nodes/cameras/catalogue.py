"""The cameras by backend; each is imported when it is asked for, with what it needs."""

from __future__ import annotations

from irevla.config.cameras import CameraSettings
from irevla.config.errors import UnknownNameError
from irevla_nodes.cameras.driver import CameraDriver


def open_camera(settings: CameraSettings) -> CameraDriver:
    """Return the open camera of ``settings.backend``; raises DeviceError when it is not there."""
    if settings.backend == "opencv":
        from irevla_nodes.cameras.opencv_driver import OpenCvDriver

        return OpenCvDriver(settings)
    if settings.backend == "realsense":
        from irevla_nodes.cameras.realsense_driver import RealSenseDriver, load_library

        return RealSenseDriver(settings, load_library())
    raise UnknownNameError("backend of a real camera", settings.backend, ("opencv", "realsense"))
