"""A V4L2 camera, or a video file played in a loop, through OpenCV."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from irevla.config.cameras import CameraSettings
from irevla.config.errors import DeviceError


class OpenCvDriver:
    """``source``: a V4L2 index ("0"), a device ("/dev/video0") or a file."""

    def __init__(self, settings: CameraSettings) -> None:
        """Raise DeviceError when the device or file is not there or cannot be opened."""
        self._settings = settings
        self._is_file = Path(settings.source).is_file()
        if not self._is_file and not _is_device(settings.source):
            found = ", ".join(sorted(str(path) for path in Path("/dev").glob("video*"))) or "none"
            raise DeviceError(
                f"camera source {settings.source!r}: expected a V4L2 index, a device or a video file; "
                f"available devices: {found}"
            )
        self._capture = self._open()

    def read(self, timeout_s: float) -> NDArray[np.uint8]:
        """Return the next picture; a file starts again at its end. V4L2 itself gives up after ten seconds at most."""
        good, picture = self._capture.read()
        if not good and self._is_file:
            self._capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
            good, picture = self._capture.read()
        if not good or picture is None:
            raise DeviceError(
                f"camera {self._settings.source!r} gave no picture; is it unplugged, or in use elsewhere?"
            )
        size = (self._settings.width_px, self._settings.height_px)
        if picture.shape[1::-1] != size:
            picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        rgb: NDArray[np.uint8] = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
        return rgb

    def close(self) -> None:
        """Free the device."""
        self._capture.release()

    def _open(self) -> Any:
        source, settings = self._settings.source, self._settings
        try:
            capture = cv2.VideoCapture(int(source)) if source.isdigit() else cv2.VideoCapture(source)
        except cv2.error as error:
            raise DeviceError(f"camera {source!r} cannot be opened: {error}") from None
        if not capture.isOpened():
            capture.release()
            raise DeviceError(f"camera {source!r} cannot be opened; is it in use elsewhere, or no video?")
        if not self._is_file:
            capture.set(cv2.CAP_PROP_FRAME_WIDTH, settings.width_px)
            capture.set(cv2.CAP_PROP_FRAME_HEIGHT, settings.height_px)
            capture.set(cv2.CAP_PROP_FPS, settings.rate_hz)
            capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)  # the newest picture, not the oldest of a queue
        return capture


def _is_device(source: str) -> bool:
    return Path(f"/dev/video{source}" if source.isdigit() else source).exists() and source != ""
