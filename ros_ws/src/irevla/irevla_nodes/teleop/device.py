"""What a device that is plugged in must do; a gamepad and a SpaceMouse do it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Controls:
    """The device's own axes and buttons at one moment."""

    axes: Mapping[str, float]  # by the names of `irevla.config.teleop.devices`, full at -1 and 1
    pressed: frozenset[str]  # buttons that are down


class Device(Protocol):
    """One device that is plugged in; used by one thread."""

    @property
    def name(self) -> str:
        """What its maker calls it."""

    def controls(self, now_s: float) -> Controls:
        """Return its axes and buttons; never blocks. Raises DeviceError when it has gone."""

    def close(self) -> None:
        """Give it back; also after it has gone."""


Open = Callable[[], Device | None]
"""Returns the first device that is plugged in, or None. Raises DeviceError when none can be used, and why."""
