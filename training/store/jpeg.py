"""Recorded pictures as JPEG: for looking at, never for learning."""

from __future__ import annotations

import cv2

from irevla.training.store.episode import Image

QUALITY = (cv2.IMWRITE_JPEG_QUALITY, 85)


def jpeg(image: Image, *, width_px: int = 0) -> bytes:
    """Return ``image`` (H, W, 3) RGB as a JPEG of at most ``width_px``; 0 keeps its size, nothing is enlarged."""
    height, width, _ = image.shape
    if 0 < width_px < width:
        size = width_px, max(1, round(height * width_px / width))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    _, data = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), QUALITY)
    return bytes(data)
