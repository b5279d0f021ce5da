"""The keys of a terminal as a device."""

from __future__ import annotations

import math

from irevla.config.motion_keys import GRIPPER_KEY, MOTION_KEYS, axes_of
from irevla.config.teleop import TeleopSettings
from irevla_nodes.teleop.reading import Kind, Reading, shaped


class Keyboard:
    """The keys of one person. A terminal tells no release: a key is held until ``hold_key_s`` after its last repeat."""

    kind: Kind = "keyboard"

    def __init__(self, settings: TeleopSettings) -> None:
        self._settings = settings
        self._pressed_s: dict[str, float] = {}
        self._gripper_presses = 0

    def configure(self, settings: TeleopSettings) -> None:
        """Use other settings from the next reading on."""
        self._settings = settings

    def press(self, key: str, now_s: float) -> bool:
        """Note a key (or its repeat); returns whether it means anything."""
        key = key.lower()
        if key == GRIPPER_KEY:
            # A held space repeats; only the first counts.
            if now_s - self._pressed_s.get(key, -math.inf) > self._settings.hold_key_s:
                self._gripper_presses += 1
        elif key not in MOTION_KEYS:
            return False
        self._pressed_s[key] = now_s
        return True

    def restart(self) -> None:
        """Let go of every key."""
        self._pressed_s.clear()

    def reading(self, now_s: float) -> Reading:
        """Return what the keys held now mean; opposite ones cancel."""
        # A copy: the terminal's thread presses meanwhile.
        pressed_s = dict(self._pressed_s)
        held = [key for key, at_s in pressed_s.items() if 0.0 <= now_s - at_s <= self._settings.hold_key_s]
        return Reading(shaped(axes_of(held), 0.0, self._settings.key_speed), bool(held), self._gripper_presses)
