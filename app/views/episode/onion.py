"""The start scene over the cameras' live pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QImage


class OnionSkin(Protocol):
    """A camera's view."""

    def set_onion(self, image: NDArray[np.uint8] | None, opacity: float) -> None:
        """Lay ``image`` (H, W, 3) RGB over the live picture; None takes it away."""


class Onion:
    """See OnionView; a camera that is not there shows nothing."""

    def __init__(self, cameras: Mapping[str, OnionSkin]) -> None:
        self._cameras = cameras
        self._images: dict[str, NDArray[np.uint8] | None] = {}
        self._opacity = 0.5

    def set_onion(self, camera: str, jpeg: bytes | None) -> None:
        """Show ``jpeg`` over the camera's picture; what is no picture, or None, takes it away."""
        self._images[camera] = None if jpeg is None else decoded(jpeg)
        self._lay(camera)

    def set_onion_opacity(self, opacity: float) -> None:
        """Set how strong it is, [0, 1]."""
        self._opacity = opacity
        for camera in self._images:
            self._lay(camera)

    def _lay(self, camera: str) -> None:
        if camera in self._cameras:
            self._cameras[camera].set_onion(self._images[camera], self._opacity)


def decoded(jpeg: bytes) -> NDArray[np.uint8] | None:
    """Return the picture (H, W, 3) RGB, None if the bytes are none."""
    image = QImage.fromData(jpeg).convertToFormat(QImage.Format.Format_RGB888)
    bits = image.constBits()
    if image.isNull() or bits is None:
        return None
    rows = np.frombuffer(bits.asstring(image.sizeInBytes()), dtype=np.uint8).reshape(image.height(), -1)
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()  # rows are padded
