"""What a person does with one device at this moment; the same form whatever the device."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Kind = Literal["keyboard", "window", "gamepad", "spacemouse"]
Axes = tuple[float, float, float, float, float, float]
NO_MOTION: Axes = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Reading:
    """One device now."""

    axes: Axes = NO_MOTION  # dx dy dz, rotation vector, after dead zone and scale, each in [-1, 1]
    is_held: bool = False  # something is deflected, or the gripper's key is down: during a policy episode, a take-over
    gripper_presses: int = 0  # grows with each press


class Steering(Protocol):
    """A device that a person may steer with."""

    @property
    def kind(self) -> Kind:
        """Which kind it is; one of a kind is used."""

    def reading(self, now_s: float) -> Reading | None:
        """Return what is done with it now; None while it is not there or has fallen silent. Never blocks."""


def shaped(deflections: Sequence[float], dead_zone: float, scale: float) -> Axes:
    """Return deflections (6,), full at 1, as axes of an action in [-1, 1]; the dead zone's edge is where motion begins.

    A NaN or an infinity anywhere means a broken device, so no motion at all.
    """
    if not all(map(math.isfinite, deflections)):
        return NO_MOTION
    x, y, z, rx, ry, rz = (_shaped(value, dead_zone, scale) for value in deflections)
    return x, y, z, rx, ry, rz


def _shaped(value: float, dead_zone: float, scale: float) -> float:
    beyond = min(abs(value), 1.0) - dead_zone
    return math.copysign(min(beyond / (1.0 - dead_zone) * scale, 1.0), value) if beyond > 0.0 else 0.0
