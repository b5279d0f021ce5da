"""A gripper that is open or closed: a Franka Hand's `grasp` and `move` are whole motions, not a servo."""

from __future__ import annotations

OPEN_M, CLOSED_M = 0.05, 0.03
"""Wanted widths above OPEN_M open, below CLOSED_M close; between the two the gripper stays."""


class Gripper:
    """What the gripper was told last, and whether it may be told something else yet."""

    def __init__(self, rest_s: float) -> None:
        """``rest_s``: shortest time between two orders, since a motion cannot be broken off."""
        self._rest_s = rest_s
        self._is_open: bool | None = None
        self._told_s = float("-inf")

    def rests(self, now_s: float) -> bool:
        """Say whether the last motion is over."""
        return now_s - self._told_s >= self._rest_s

    def forget(self) -> None:
        """Give the next order even if it repeats the last one."""
        self._is_open = None

    def order(self, width_m: float, now_s: float) -> bool | None:
        """Return True to open, False to close, None to leave it; None too while the last motion goes on."""
        if width_m > OPEN_M:
            wish = True
        elif width_m < CLOSED_M:
            wish = False
        else:
            return None
        if wish == self._is_open or not self.rests(now_s):
            return None
        self._is_open, self._told_s = wish, now_s
        return wish
