"""Turns keys into actions: which are held now, and what motion that means."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from irevla.config.teleop import TeleopSettings
from irevla.config.teleop_keys import GRIPPER_KEY, MOTION_KEYS


class Keyboard:
    """The keys of one person. A terminal tells no release: a key is held until ``hold_key_s`` after its last repeat."""

    def __init__(self, settings: TeleopSettings) -> None:
        self._settings = settings
        self._pressed_s: dict[str, float] = {}
        self._is_open = True

    def configure(self, settings: TeleopSettings) -> None:
        """Use other settings from the next action on."""
        self._settings = settings

    def press(self, key: str, now_s: float) -> bool:
        """Note a key (or its repeat); returns whether it means anything."""
        key = key.lower()
        if key == GRIPPER_KEY:
            # A held space repeats; only the first counts.
            if now_s - self._pressed_s.get(key, -np.inf) > self._settings.hold_key_s:
                self._is_open = not self._is_open
        elif key not in MOTION_KEYS:
            return False
        self._pressed_s[key] = now_s
        return True

    def restart(self) -> None:
        """Begin an episode: nothing is held, the gripper is open, as after a reset."""
        self._pressed_s.clear()
        self._is_open = True

    def is_active(self, now_s: float) -> bool:
        """Say whether a key is held: during a policy episode that is an intervention."""
        return any(0.0 <= now_s - pressed_s <= self._settings.hold_key_s for pressed_s in self._pressed_s.values())

    def follow(self, gripper_width_m: float) -> None:
        """Take over the gripper as it is, so that an intervention does not drop what the policy holds."""
        self._is_open = gripper_width_m > 0.06

    def action(self, now_s: float) -> NDArray[np.float32]:
        """Return the action (7,) in [-1, 1] of the keys held now; opposite keys cancel."""
        action = np.zeros(7, dtype=np.float32)
        for key, pressed_s in self._pressed_s.items():
            if key in MOTION_KEYS and 0.0 <= now_s - pressed_s <= self._settings.hold_key_s:
                component, sign = MOTION_KEYS[key]
                action[component] += sign * self._settings.key_speed
        action[6] = 1.0 if self._is_open else -1.0
        return action
