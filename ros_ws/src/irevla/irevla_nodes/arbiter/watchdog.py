"""How long each watched thing has been silent: nodes, the arm's state, pictures, proposals."""

from __future__ import annotations

import math
from collections.abc import Iterable

from irevla.config.limits import LimitsSettings


class Watchdog:
    """Arrival times of signs of life. All times are seconds of one clock; one that runs backwards counts as silence."""

    def __init__(self, limits: LimitsSettings) -> None:
        self._limits = limits
        self._beats: dict[str, tuple[float, str]] = {}
        self._arrivals: dict[str, float] = {}
        self._since_s = -math.inf

    def start(self, now_s: float) -> None:
        """Begin to watch: what was never heard gets its full time-out from now on."""
        self._since_s = now_s

    def beat(self, node: str, state: str, now_s: float) -> None:
        """Note a heartbeat; ``state`` is "ok" or plain words of what is wrong."""
        self._beats[node] = (now_s, state)

    def arrive(self, thing: str, now_s: float) -> None:
        """Note that a ``thing`` (a state, a picture, a proposal) arrived."""
        self._arrivals[thing] = now_s

    def silent_node(self, nodes: Iterable[str], now_s: float) -> str:
        """Return in plain words which of ``nodes`` is silent or unwell, or ""."""
        for node in nodes:
            heard_s, state = self._beats.get(node, (-math.inf, "ok"))
            silence_s = self._age_s(heard_s, now_s)
            if silence_s > self._limits.heartbeat_timeout_s:
                return f"no heartbeat from {node} for {silence_s:.1f} s; is it running?"
            if state != "ok":
                return f"{node} says: {state[:200]}"
        return ""

    def stale_thing(self, things: Iterable[str], now_s: float) -> str:
        """Return in plain words which of ``things`` is older than ``stale_s``, or ""."""
        for thing in things:
            age_s = self._age_s(self._arrivals.get(thing, -math.inf), now_s)
            if age_s > self._limits.stale_s:
                return f"no {thing} for {age_s:.1f} s (at most {self._limits.stale_s} s)"
        return ""

    def _age_s(self, heard_s: float, now_s: float) -> float:
        age_s = now_s - max(heard_s, self._since_s)
        return age_s if age_s >= 0.0 else math.inf
