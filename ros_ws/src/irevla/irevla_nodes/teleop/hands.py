"""Who steers: of all devices the one that was deflected last, and one gripper for all of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from irevla_nodes.teleop.reading import NO_MOTION, Axes, Kind, Reading, Steering

OPEN_WIDTH_M = 0.06  # a wider gripper holds nothing of ours


class Hands:
    """The hands of whoever stands at the arm; `look` first, then ask."""

    def __init__(self, devices: Sequence[Steering], press_s: float) -> None:
        """``press_s``: a press of the gripper counts as held for so long, so that some step of the arm sees it."""
        self._devices = tuple(devices)
        self._press_s = press_s
        self._held_since_s: dict[Kind, float] = {}
        self._presses: dict[Kind, int] = {}
        self._pressed_s: dict[Kind, float] = {}
        self._active: Kind | None = None
        self._axes: Axes = NO_MOTION
        self._is_open = True

    @property
    def active(self) -> Kind | None:
        """The device that steered last."""
        return self._active

    @property
    def takes_over(self) -> bool:
        """Whether somebody steers now: during a policy episode that is an intervention."""
        return bool(self._held_since_s)

    @property
    def axes(self) -> Axes:
        """What is steered; exactly zero when nothing is deflected."""
        return self._axes

    @property
    def is_open(self) -> bool:
        """Whether the gripper shall be open."""
        return self._is_open

    def look(self, now_s: float) -> None:
        """Read every device."""
        readings: dict[Kind, Reading] = {}
        for device in self._devices:
            reading = device.reading(now_s)
            if reading is not None:
                readings[device.kind] = reading
        self._press(readings, now_s)
        held = [kind for kind, reading in readings.items() if reading.is_held or kind in self._pressed_s]
        self._held_since_s = {kind: self._held_since_s.get(kind, now_s) for kind in held}
        self._axes = NO_MOTION
        if held:
            newest = max(held, key=self._held_since_s.__getitem__)
            self._active, self._axes = newest, readings[newest].axes

    def restart(self) -> None:
        """Begin an episode: the gripper is open, as after a reset."""
        self._is_open = True

    def follow(self, gripper_width_m: float) -> None:
        """Take over the gripper as it is, so that an intervention does not drop what the policy holds."""
        self._is_open = gripper_width_m > OPEN_WIDTH_M

    def action(self) -> NDArray[np.float32]:
        """Return the action (7,) in [-1, 1]."""
        return np.array([*self._axes, 1.0 if self._is_open else -1.0], dtype=np.float32)

    def _press(self, readings: dict[Kind, Reading], now_s: float) -> None:
        """Turn the gripper over for each new press; a device that was not there before has pressed nothing yet."""
        self._pressed_s = {kind: at_s for kind, at_s in self._pressed_s.items() if now_s - at_s <= self._press_s}
        for kind, reading in readings.items():
            new = reading.gripper_presses - self._presses.get(kind, reading.gripper_presses)
            if new > 0:
                self._is_open ^= bool(new % 2)
                self._pressed_s[kind] = now_s
        self._presses = {kind: reading.gripper_presses for kind, reading in readings.items()}
