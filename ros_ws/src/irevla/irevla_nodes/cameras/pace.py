"""How fast pictures come, and how old the newest is."""

from __future__ import annotations

import math
import threading
from collections import deque

WINDOW_S = 5.0


class Pace:
    """Arrivals of the last few seconds, of any clock that does not jump; thread-safe."""

    def __init__(self, began_s: float) -> None:
        self._began_s = began_s
        self._arrivals_s: deque[float] = deque()
        self._newest_s = -math.inf
        self._lock = threading.Lock()

    def note(self, now_s: float) -> None:
        """A picture came."""
        with self._lock:
            self._newest_s = now_s
            self._arrivals_s.append(now_s)
            self._forget(now_s)

    def rate_hz(self, now_s: float) -> float:
        """Return pictures per second over the last WINDOW_S, or since the beginning."""
        with self._lock:
            self._forget(now_s)
            return len(self._arrivals_s) / max(min(WINDOW_S, now_s - self._began_s), 1e-3)

    def age_s(self, now_s: float) -> float:
        """Return the time since the newest picture; infinite before the first."""
        return now_s - self._newest_s

    def _forget(self, now_s: float) -> None:
        while self._arrivals_s and self._arrivals_s[0] < now_s - WINDOW_S:
            self._arrivals_s.popleft()
