"""The keys that a person holds down in the window, as motion."""

from __future__ import annotations

from irevla.app.graph.requests import TeleopInput
from irevla.config.teleop.motion_keys import GRIPPER_KEY, MOTION_KEYS, axes_of


class Hands:
    """A window hears presses and releases, so nothing has to be guessed from repeats as in a terminal."""

    def __init__(self, who: str) -> None:
        self._who = who
        self._held: set[str] = set()
        self._gripper_presses = 0

    def press(self, key: str) -> bool:
        """Note a key going down (no repeats); returns whether it steers."""
        if key == GRIPPER_KEY:
            self._gripper_presses += 1
        elif key not in MOTION_KEYS:
            return False
        self._held.add(key)
        return True

    def release(self, key: str) -> bool:
        """Note a key going up; returns whether it steers."""
        self._held.discard(key)
        return key in MOTION_KEYS or key == GRIPPER_KEY

    def let_go(self) -> None:
        """Forget what is held: the window lost the keyboard, and will not hear the releases."""
        self._held.clear()

    def input(self) -> TeleopInput:
        """Return what is held now; opposite keys cancel."""
        x, y, z, rx, ry, rz = axes_of(self._held)
        return TeleopInput(
            who=self._who,
            axes=(x, y, z, rx, ry, rz),
            takes_over=bool(self._held),
            gripper_presses=self._gripper_presses,
        )
