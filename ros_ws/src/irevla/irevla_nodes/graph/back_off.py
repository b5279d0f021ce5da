"""How long to wait before a node that died is started again."""

from __future__ import annotations

HEALTHY_FACTOR = 2.0  # a node that ran for twice the longest delay is counted as healthy again


class BackOff:
    """Doubles the delay with each death in a row."""

    def __init__(self, first_s: float, longest_s: float) -> None:
        self._first_s = first_s
        self._longest_s = longest_s
        self._deaths = 0

    def next_delay_s(self, uptime_s: float) -> float:
        """Return the wait before the next start of a process that ran for ``uptime_s`` [s]."""
        if uptime_s > HEALTHY_FACTOR * self._longest_s:
            self._deaths = 0
        delay_s = min(self._first_s * 2.0**self._deaths, self._longest_s)
        self._deaths += 1
        return delay_s
