"""A request or job that waits for its end: tells it once, in the window's thread, whatever comes first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

End = TypeVar("End")


class Pending(Generic[End]):
    """Belongs to the window's thread."""

    def __init__(self, on_end: Callable[[End], None], expired: End, deadline_s: float) -> None:
        """``expired`` is the end that is told when ``deadline_s`` passes first."""
        self._on_end = on_end
        self._expired = expired
        self.deadline_s = deadline_s
        self.is_over = False

    def finish(self, end: End) -> None:
        """Tell the end, unless another one has been told."""
        if not self.is_over:
            self.is_over = True
            self._on_end(end)

    def look(self, now_s: float) -> bool:
        """Tell that time is up if it is; returns whether the wait is over."""
        if now_s > self.deadline_s:
            self.finish(self._expired)
        return self.is_over
