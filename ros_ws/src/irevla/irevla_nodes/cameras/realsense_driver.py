"""An Intel RealSense's colour stream, through pyrealsense2."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from irevla.config.cameras import CameraSettings
from irevla.config.errors import DeviceError


def load_library() -> Any:
    """Return the module pyrealsense2; raises DeviceError that says how to install it."""
    try:
        return importlib.import_module("pyrealsense2")
    except ImportError as error:
        raise DeviceError(f"backend realsense needs pyrealsense2 ({error}): pip install pyrealsense2") from None


class RealSenseDriver:
    """``source``: the camera's serial number; empty takes the only one."""

    def __init__(self, settings: CameraSettings, library: Any) -> None:
        """``library`` is pyrealsense2. Raises DeviceError when the camera is not there, naming those that are."""
        self._settings = settings
        self._library = library
        serials = [device.get_info(library.camera_info.serial_number) for device in library.context().query_devices()]
        if not serials or settings.source not in ("", *serials):
            wanted = f"with serial number {settings.source!r}" if settings.source else "of any serial number"
            raise DeviceError(f"no RealSense {wanted}; available: {', '.join(serials) or 'none'}; is it plugged in?")
        self._pipeline = library.pipeline()
        configuration = library.config()
        configuration.enable_device(settings.source or serials[0])
        configuration.enable_stream(
            library.stream.color,
            settings.width_px,
            settings.height_px,
            library.format.rgb8,
            round(settings.rate_hz),
        )
        try:
            self._pipeline.start(configuration)
        except RuntimeError as error:
            raise DeviceError(
                f"the RealSense refuses {settings.width_px}x{settings.height_px} at {settings.rate_hz} Hz: {error}; "
                "640x480 at 30 Hz is always there"
            ) from None
        self._is_open = True

    def read(self, timeout_s: float) -> NDArray[np.uint8]:
        """Return the next colour picture."""
        try:
            frames = self._pipeline.wait_for_frames(round(timeout_s * 1000))
        except RuntimeError as error:
            raise DeviceError(f"the RealSense gave no picture for {timeout_s} s: {error}; is it unplugged?") from None
        # A copy: the library takes its buffer back with the next frame.
        return np.array(frames.get_color_frame().get_data(), dtype=np.uint8)

    def close(self) -> None:
        """Stop the stream."""
        if self._is_open:
            self._is_open = False
            self._pipeline.stop()
