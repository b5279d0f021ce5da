"""Made-up camera pictures: a table, an object, a gripper; cheap enough to be drawn when they are asked for."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from irevla.app.graph.fake.motion import Motion
from irevla.config.tasks import task

WIDTH_PX, HEIGHT_PX = 256, 192
Image = NDArray[np.uint8]
Colour = tuple[int, int, int]  # BGR
COLOURS: dict[str, Colour] = {
    "red_block": (48, 52, 208),
    "green_block": (70, 160, 60),
    "blue_block": (200, 110, 40),
    "yellow_block": (50, 200, 235),
    "purple_block": (160, 60, 140),
    "eggplant": (110, 36, 84),
    "carrot": (30, 120, 240),
    "red": (40, 40, 200),
    "blue": (200, 90, 30),
    "wood": (70, 110, 160),
}
METAL, DARK, WHITE = (150, 150, 146), (58, 56, 54), (222, 222, 218)


def draw_picture(task_name: str, motion: Motion, row: int, camera: str) -> bytes:
    """Return what ``camera`` sees at a row, as JPEG."""
    image = _table().copy()
    (_front if camera == "front" else _wrist)(image, task_name, motion, row)
    _, file = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 82])
    return bytes(file)


@cache
def _table() -> Image:
    shade = np.linspace(150, 196, HEIGHT_PX)[:, None, None] + np.linspace(-10, 10, WIDTH_PX)[None, :, None]
    image = shade * np.array([0.86, 0.95, 1.0])
    image[: HEIGHT_PX // 4] *= np.array([0.62, 0.55, 0.5])
    table: Image = image.astype(np.uint8)
    return table


def _front(image: Image, task_name: str, motion: Motion, row: int) -> None:
    x, y, z, width_m = motion.states[row, [0, 1, 2, 6]]
    is_held = row >= motion.held_from
    object_x, object_y = (x, y) if is_held else motion.object_m
    u, v = _project(object_x, object_y, z - 0.03 if is_held else 0.0)
    cv2.ellipse(image, _project(x, y, 0.0), (16, 6), 0, 0, 360, (96, 104, 110), -1, cv2.LINE_AA)
    _object(image, task_name, u, v, size=11)
    tip_u, tip_v = _project(x, y, z)
    gap = int(3 + width_m * 130)
    cv2.rectangle(image, (tip_u - 11, 0), (tip_u + 11, max(0, tip_v - 34)), WHITE, -1)
    cv2.rectangle(image, (tip_u - 20, tip_v - 34), (tip_u + 20, tip_v - 20), DARK, -1)
    for side in (-1, 1):
        at = tip_u + side * gap
        cv2.rectangle(image, (at - 3, tip_v - 20), (at + 3, tip_v + 2), METAL, -1)


def _wrist(image: Image, task_name: str, motion: Motion, row: int) -> None:
    x, y, z, width_m = motion.states[row, [0, 1, 2, 6]]
    is_held = row >= motion.held_from
    scale = 70.0 / (0.12 + float(z))
    dx, dy = (0.0, 0.0) if is_held else (motion.object_m[0] - x, motion.object_m[1] - y)
    distance_px = 40.0 / (0.10 + (0.0 if is_held else float(z)))
    u, v = int(WIDTH_PX / 2 + dy * scale * 3), int(HEIGHT_PX * 0.62 - dx * scale * 3)
    _object(image, task_name, u, v, size=int(min(46.0, distance_px * 0.12)))
    gap = int(10 + width_m * 620)
    for side in (-1, 1):
        at = WIDTH_PX // 2 + side * gap
        cv2.rectangle(image, (at - 12, HEIGHT_PX - 62), (at + 12, HEIGHT_PX), DARK, -1)
        cv2.rectangle(image, (at - 9, HEIGHT_PX - 70), (at + 9, HEIGHT_PX - 54), METAL, -1)


def _project(x: float, y: float, z: float) -> tuple[int, int]:
    return int(WIDTH_PX / 2 + y * 480), int(150 - (x - 0.5) * 190 - z * 330)


def _object(image: Image, task_name: str, u: int, v: int, *, size: int) -> None:
    what = task(task_name)
    colour = COLOURS.get(what.variant, METAL)
    half = (size, max(2, size * 2 // 3))
    if what.scene == "drawer":
        cv2.rectangle(image, (u - 3 * size, v - size), (u + 3 * size, v + 2 * size), colour, -1)
        cv2.rectangle(image, (u - size, v), (u + size, v + 4), DARK, -1)
    elif what.scene == "button":
        cv2.ellipse(image, (u, v + 3), (size + 8, half[1] + 6), 0, 0, 360, DARK, -1, cv2.LINE_AA)
        cv2.ellipse(image, (u, v), half, 0, 0, 360, colour, -1, cv2.LINE_AA)
    elif what.variant in ("eggplant", "carrot"):
        cv2.ellipse(image, (u, v), (size + 7, half[1]), 20, 0, 360, colour, -1, cv2.LINE_AA)
        cv2.circle(image, (u - size - 3, v - 5), max(2, size // 3), (60, 140, 70), -1, cv2.LINE_AA)
    else:
        cv2.rectangle(image, (u - size, v - size), (u + size, v + size // 2), colour, -1)
        top = np.array([[u - size, v - size], [u - size // 2, v - size - 6], [u + size + 5, v - size - 6],
                        [u + size, v - size]])  # fmt: skip
        cv2.fillPoly(image, [top], tuple(min(255, channel + 40) for channel in colour), cv2.LINE_AA)
