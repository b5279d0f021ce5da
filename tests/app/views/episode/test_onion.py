"""The start scene over the live picture."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from irevla.app.views.episode.onion import Onion, decoded


class FakeCamera:
    def __init__(self) -> None:
        self.image: NDArray[np.uint8] | None = None
        self.opacity = 0.0

    def set_onion(self, image: NDArray[np.uint8] | None, opacity: float) -> None:
        self.image, self.opacity = image, opacity


def jpeg_of(image: NDArray[np.uint8]) -> bytes:
    return cv2.imencode(".jpg", image[..., ::-1])[1].tobytes()  # type: ignore[no-any-return]


@pytest.mark.parametrize("width", [16, 17, 18, 19])
def test_a_jpeg_of_any_width_keeps_its_shape_and_colour(width: int) -> None:
    red = np.full((8, width, 3), (200, 20, 10), dtype=np.uint8)
    image = decoded(jpeg_of(red))
    assert image is not None
    assert image.shape == (8, width, 3)
    assert np.abs(image.astype(int) - red).max() < 12


@pytest.mark.parametrize("jpeg", [b"", b"no picture", b"\xff\xd8\xff\xe0 torn"])
@pytest.mark.qt_log_ignore("JPEG")
def test_bytes_that_are_no_picture_show_nothing(jpeg: bytes) -> None:
    assert decoded(jpeg) is None


def test_the_slider_changes_what_is_laid_over_a_picture() -> None:
    camera = FakeCamera()
    onion = Onion({"front": camera})
    onion.set_onion("front", jpeg_of(np.zeros((8, 8, 3), np.uint8)))
    onion.set_onion_opacity(0.2)
    assert camera.image is not None
    assert camera.opacity == 0.2
    onion.set_onion("front", None)
    assert camera.image is None


def test_a_camera_that_is_not_shown_is_no_error() -> None:
    Onion({}).set_onion("wrist", None)
