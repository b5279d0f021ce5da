"""How long the parts of one episode took."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Timing:
    """When an episode was asked for, first ran and ended; seconds of the session's clock."""

    asked_s: float
    running_s: float | None = None
    ended_s: float | None = None

    @property
    def reset_s(self) -> float | None:
        """From the request to the first step, the person's part of a guided reset too; None if it never ran."""
        return None if self.running_s is None else self.running_s - self.asked_s

    @property
    def run_s(self) -> float | None:
        """From the first step to the end; None before the end, or if it never ran."""
        return None if self.running_s is None or self.ended_s is None else self.ended_s - self.running_s

    def since_end_s(self, now_s: float) -> float | None:
        """Return how long ago the episode ended; None before its end."""
        return None if self.ended_s is None else now_s - self.ended_s
