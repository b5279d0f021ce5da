"""Where in an episode a person looks, and how it moves by itself."""

from __future__ import annotations

from collections.abc import Callable

ROWS_PER_S = 10.0  # at speed 1
SPEEDS = (0.5, 1.0, 2.0)


class Playhead:
    """A row of an episode; playing, it moves with the time and waits for what is not ready."""

    def __init__(self) -> None:
        self.row, self.rows = 0, 0
        self.speed = 1.0
        self.is_playing = False
        self._from_row, self._from_s = 0, 0.0

    def load(self, rows: int) -> None:
        """Stand at the beginning of another episode."""
        self.row, self.rows, self.is_playing = 0, rows, False

    def jump(self, row: int, now_s: float) -> None:
        """Go to a row, or to the nearest there is; playing goes on from there."""
        self.row = max(0, min(row, self.rows - 1))
        self._from_row, self._from_s = self.row, now_s

    def step(self, rows: int, now_s: float) -> None:
        """Stop, and go some rows on or back."""
        self.is_playing = False
        self.jump(self.row + rows, now_s)

    def toggle(self, now_s: float) -> None:
        """Play or pause; at the end, play from the beginning."""
        self.is_playing = not self.is_playing and self.rows > 0
        self.jump(0 if self.is_playing and self.row == self.rows - 1 else self.row, now_s)

    def set_speed(self, speed: float, now_s: float) -> None:
        """Play at this many times the recorded speed."""
        self.speed = speed
        self.jump(self.row, now_s)

    def advance(self, now_s: float, is_ready: Callable[[int], bool]) -> None:
        """Go where the time says, but not past a row that is not ready; stop at the last one."""
        if not self.is_playing:
            return
        # The small part keeps a tick that comes a rounding error early from being one row late.
        target = self._from_row + int((now_s - self._from_s) * ROWS_PER_S * self.speed + 1e-6)
        while self.row < min(target, self.rows - 1):
            if not is_ready(self.row + 1):
                self.jump(self.row, now_s)
                return
            self.row += 1
        self.is_playing = self.row < self.rows - 1
