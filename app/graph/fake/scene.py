"""Drawn pictures of the made-up rig: a table, an arm, a block and a button, from the front and from the wrist."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from irevla.app.graph.fake.course import BLOCK_M, BUTTON_M, HOME_M, OPEN_M, Point, block_start

WIDTH_PX, HEIGHT_PX, FOCAL_PX = 640, 480, 520.0
SHIFT = 4  # cv2 draws in sixteenths of a pixel, else slow motion jumps
Image = NDArray[np.uint8]
Array = NDArray[np.float64]
Colour = tuple[int, int, int]
WALL, TABLE, EDGE = (196, 203, 208), (158, 128, 98), (120, 95, 70)
METAL, METAL_EDGE, JOINT, HAND = (232, 235, 238), (150, 156, 164), (70, 76, 86), (48, 52, 60)
BLOCKS: dict[str, Colour] = {
    "green": (62, 160, 84),
    "blue": (52, 104, 200),
    "yellow": (226, 190, 58),
    "purple": (134, 78, 170),
    "eggplant": (88, 46, 98),
    "carrot": (232, 128, 42),
}
RED: Colour = (206, 52, 46)
SHOULDER_M, UPPER_M, LOWER_M, WRIST_M = 0.333, 0.34, 0.42, 0.19


@dataclass(frozen=True)
class Scene:
    """How everything stands at one moment, metres in the base frame."""

    tool_m: Point
    width_m: float  # of the gripper
    block_m: Point
    task: str

    @property
    def is_pressed(self) -> bool:
        """Whether the tool is on the button."""
        return float(np.linalg.norm(np.array(self.tool_m) - np.array(BUTTON_M))) < 0.03


def draw(scene: Scene, camera: str) -> Image:
    """Return what ``camera`` sees: "wrist" looks down from the hand, any other one looks at the arm from the front."""
    return _wrist(scene) if camera == "wrist" else _front(scene)


def draw_start(task: str, camera: str, seed: int) -> bytes:
    """Return a JPEG of how the objects stand before an episode with this seed."""
    picture = draw(Scene(HOME_M, OPEN_M, block_start(seed), task), camera)
    _, jpeg = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    return bytes(jpeg.tobytes())


class _Eye:
    """A pinhole camera at ``at_m`` that looks at ``to_m``."""

    def __init__(self, at_m: Point, to_m: Point, up: Point) -> None:
        self.at = np.array(at_m)
        ahead = np.array(to_m) - self.at
        ahead /= np.linalg.norm(ahead)
        right = np.cross(ahead, np.array(up))
        right /= np.linalg.norm(right)
        self._axes = np.stack([right, np.cross(ahead, right), ahead])

    def see(self, points_m: Array) -> tuple[Array, Array]:
        """Return pixels (N, 2) and depths (N,); what is behind the camera is brought before it."""
        local = (points_m - self.at) @ self._axes.T
        depth = np.maximum(local[:, 2], 0.02)
        return local[:, :2] / depth[:, None] * FOCAL_PX + (WIDTH_PX / 2, HEIGHT_PX / 2), depth

    def polygon(self, image: Image, points_m: Array, colour: Colour) -> None:
        pixels = np.clip(self.see(points_m)[0], -4000, 4000)
        cv2.fillConvexPoly(image, np.round(pixels * 2**SHIFT).astype(np.int32), colour, cv2.LINE_AA, SHIFT)

    def line(self, image: Image, ends_m: Array, width_m: float, colour: Colour) -> None:
        pixels, depth = self.see(ends_m)
        thickness = max(1, round(width_m * FOCAL_PX / float(depth.mean())))
        (x0, y0), (x1, y1) = (np.round(pixels * 2**SHIFT)).astype(int).tolist()
        cv2.line(image, (x0, y0), (x1, y1), colour, thickness, cv2.LINE_AA, SHIFT)

    def ball(self, image: Image, centre_m: Array, radius_m: float, colour: Colour) -> None:
        pixels, depth = self.see(centre_m[None])
        x, y = np.round(pixels[0] * 2**SHIFT).astype(int).tolist()
        cv2.circle(
            image, (x, y), round(radius_m * FOCAL_PX / float(depth[0]) * 2**SHIFT), colour, -1, cv2.LINE_AA, SHIFT
        )

    def disc(self, image: Image, centre_m: Point, radius_m: float, colour: Colour) -> None:
        turn = np.linspace(0.0, 2 * np.pi, 28, endpoint=False)
        ring = np.stack([np.cos(turn), np.sin(turn), np.zeros_like(turn)], axis=1) * radius_m
        self.polygon(image, ring + np.array(centre_m), colour)


FRONT = _Eye((1.32, 0.62, 0.68), (0.36, 0.03, 0.24), (0.0, 0.0, 1.0))
LIGHT_M = np.array([0.9, -0.7, 1.6])
LEFT, UP = np.array([0.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0])


def _front(scene: Scene) -> Image:
    image = _backdrop().copy()
    tool = np.array(scene.tool_m)
    _button(image, FRONT, scene)
    for above_m in (scene.block_m, scene.tool_m):
        _shadow(image, FRONT, above_m)
    FRONT.disc(image, (0.0, 0.0, 0.0), 0.11, _dim(TABLE, 0.8))
    FRONT.disc(image, (0.0, 0.0, 0.03), 0.09, METAL_EDGE)
    wrist = tool + WRIST_M * UP
    elbow, shoulder = _elbow(wrist)
    chain = [np.array([0.0, 0.0, 0.08]), shoulder, elbow, wrist]
    for near, far, width_m in ((0, 1, 0.13), (1, 2, 0.11), (2, 3, 0.095)):
        ends = np.stack([chain[near], chain[far]])
        FRONT.line(image, ends, width_m, METAL_EDGE)
        FRONT.line(image, ends, 0.8 * width_m, METAL)
    for joint, radius_m in ((shoulder, 0.07), (elbow, 0.06), (wrist, 0.052)):
        FRONT.ball(image, joint, radius_m, METAL_EDGE)
        FRONT.ball(image, joint, 0.6 * radius_m, JOINT)
    _cube(image, FRONT, np.array(scene.block_m), block_colour(scene.task))
    hand = tool + 0.085 * UP
    FRONT.line(image, np.stack([wrist, hand]), 0.06, METAL_EDGE)
    FRONT.line(image, np.stack([hand - 0.055 * LEFT, hand + 0.055 * LEFT]), 0.05, HAND)
    for side in (-1.0, 1.0):
        top = hand + side * (scene.width_m / 2 + 0.008) * LEFT
        FRONT.line(image, np.stack([top, top - 0.085 * UP]), 0.016, HAND)
    return image


def _wrist(scene: Scene) -> Image:
    x, y, z = scene.tool_m
    eye = _Eye((x + 0.09, y, z + 0.13), (x + 0.015, y, z - 0.03), (-1.0, 0.0, 0.0))
    image = np.empty((HEIGHT_PX, WIDTH_PX, 3), np.uint8)
    image[:] = TABLE
    for plank in 0.1 * np.arange(np.ceil(10 * y) - 3, np.ceil(10 * y) + 3):
        eye.line(image, np.array([[0.0, plank, 0.0], [1.0, plank, 0.0]]), 0.004, EDGE)
    _button(image, eye, scene)
    _shadow(image, eye, scene.block_m)
    _cube(image, eye, np.array(scene.block_m), block_colour(scene.task))
    for side in (-1.0, 1.0):
        tip = np.array(scene.tool_m) + side * (scene.width_m / 2 + 0.008) * LEFT
        eye.line(image, np.stack([tip + 0.05 * UP, tip]), 0.017, HAND)
        eye.ball(image, tip, 0.009, JOINT)
    return image


@cache
def _backdrop() -> Image:
    """Return the empty room, drawn once: wall, table, and a little grain so that it does not look painted."""
    image = np.empty((HEIGHT_PX, WIDTH_PX, 3), np.uint8)
    shade = np.linspace(1.06, 0.9, HEIGHT_PX)[:, None, None]
    image[:] = np.clip(np.array(WALL) * shade, 0, 255)
    FRONT.polygon(image, np.array([[-0.3, -0.9, 0.0], [-0.3, 0.9, 0.0], [1.1, 0.9, 0.0], [1.1, -0.9, 0.0]]), TABLE)
    for plank in np.arange(-0.9, 0.91, 0.15):
        FRONT.line(image, np.array([[-0.3, plank, 0.0], [1.1, plank, 0.0]]), 0.004, EDGE)
    grain = np.random.default_rng(0).normal(0.0, 3.0, (HEIGHT_PX, WIDTH_PX, 1))
    return np.clip(image + grain, 0, 255).astype(np.uint8)


def _button(image: Image, eye: _Eye, scene: Scene) -> None:
    x, y, _ = BUTTON_M
    eye.disc(image, (x, y, 0.001), 0.055, _dim(TABLE, 0.72))
    eye.disc(image, (x, y, 0.012), 0.046, HAND)
    cap = BLOCKS["blue"] if "blue" in scene.task else RED
    eye.disc(image, (x, y, 0.018 if scene.is_pressed else 0.03), 0.032, cap)


def _shadow(image: Image, eye: _Eye, above_m: Point) -> None:
    x, y, z = above_m
    eye.disc(image, (x, y, 0.0), 0.03 + 0.06 * z, _dim(TABLE, 0.8))


def _cube(image: Image, eye: _Eye, centre_m: Array, colour: Colour) -> None:
    """Draw the faces that look at the camera; a face is the brighter the more it looks at the light."""
    toward = LIGHT_M - centre_m
    toward /= np.linalg.norm(toward)
    for axis in range(3):
        for sign in (-1.0, 1.0):
            normal = np.zeros(3)
            normal[axis] = sign
            face = centre_m + normal * BLOCK_M / 2
            if float(normal @ (eye.at - face)) <= 0:
                continue
            first, second = np.roll([1.0, 0.0, 0.0], axis + 1), np.roll([1.0, 0.0, 0.0], axis + 2)
            corners = [face + (a * first + b * second) * BLOCK_M / 2 for a, b in ((-1, -1), (-1, 1), (1, 1), (1, -1))]
            eye.polygon(image, np.array(corners), _dim(colour, 0.62 + 0.38 * max(0.0, float(normal @ toward))))


def block_colour(task: str) -> Colour:
    """Return the colour of the task's block; red where it names none."""
    return next((colour for name, colour in BLOCKS.items() if name in task and "button" not in task), RED)


def _elbow(wrist: Array) -> tuple[Array, Array]:
    """Return elbow and shoulder: two links in the upright plane through base and wrist, elbow up."""
    shoulder = np.array([0.0, 0.0, SHOULDER_M])
    reach = wrist - shoulder
    distance = min(float(np.linalg.norm(reach)), UPPER_M + LOWER_M - 1e-3)
    along = (UPPER_M**2 - LOWER_M**2 + distance**2) / (2 * distance)
    height = np.sqrt(max(0.0, UPPER_M**2 - along**2))
    ahead = reach / np.linalg.norm(reach)
    side = np.cross(ahead, (0.0, 0.0, 1.0))
    up = np.cross(side / np.linalg.norm(side), ahead)
    return shoulder + along * ahead + height * up, shoulder


def _dim(colour: Colour, share: float) -> Colour:
    red, green, blue = colour
    return round(red * share), round(green * share), round(blue * share)
