"""Keys of a terminal, which tells no release: a key is held until a while after its last repeat."""

from __future__ import annotations

import math
import re

from irevla.config.teleop.motion_keys import GRIPPER_KEY, MOTION_KEYS, axes_of

# What arrows and function keys send: their last letter is no motion key.
ESCAPE_SEQUENCE = re.compile(r"\x1b(\[[0-9;]*.|O.|.)?", re.DOTALL)


def typed_keys(text: str) -> str:
    """Return the single keys in what was read from a terminal."""
    return ESCAPE_SEQUENCE.sub("", text)


class HeldKeys:
    """The motion and gripper keys of one terminal; times are of a steady clock [s]."""

    def __init__(self, hold_s: float) -> None:
        self._hold_s = hold_s
        self._pressed_s: dict[str, float] = {}
        self.gripper_presses = 0  # grows

    def press(self, key: str, now_s: float) -> bool:
        """Note a key (or its repeat); returns whether it means anything."""
        key = key.lower()
        if key == GRIPPER_KEY:
            # A held space repeats; only the first counts.
            if now_s - self._pressed_s.get(key, -math.inf) > self._hold_s:
                self.gripper_presses += 1
        elif key not in MOTION_KEYS:
            return False
        self._pressed_s[key] = now_s
        return True

    def clear(self) -> None:
        """Let go of every key."""
        self._pressed_s.clear()

    def is_any(self, now_s: float) -> bool:
        """Say whether a key is held."""
        return bool(self._held(now_s))

    def axes(self, now_s: float) -> tuple[float, ...]:
        """Return the motion (6,) of the keys held now, each -1, 0 or 1."""
        return axes_of(self._held(now_s))

    def _held(self, now_s: float) -> list[str]:
        # A copy: the terminal's thread may press meanwhile.
        return [key for key, at_s in dict(self._pressed_s).items() if 0.0 <= now_s - at_s <= self._hold_s]
