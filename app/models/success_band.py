"""A success rate with what its number of episodes allows to say: the Wilson 95 % interval."""

from __future__ import annotations

import math
from dataclasses import dataclass

Z_95 = 1.959963984540054  # two-sided 95 % quantile of the normal distribution


@dataclass(frozen=True)
class SuccessBand:
    """``successes`` out of ``episodes``."""

    successes: int
    episodes: int

    def __post_init__(self) -> None:
        if not 0 <= self.successes <= self.episodes:
            raise ValueError(f"expected 0 <= successes <= episodes, got {self.successes} of {self.episodes}")

    @property
    def rate(self) -> float:
        """Share of successes; NaN without an episode."""
        return self.successes / self.episodes if self.episodes else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson score interval at 95 % (Wilson 1927); (0, 1), nothing is known, without an episode."""
        if not self.episodes:
            return 0.0, 1.0
        p, n, z2 = self.rate, self.episodes, Z_95**2
        centre = (p + z2 / (2 * n)) / (1 + z2 / n)
        half = Z_95 / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
        return max(0.0, centre - half), min(1.0, centre + half)

    @property
    def words(self) -> str:
        """E.g. "14 of 20 = 70 % (48–85)"."""
        if not self.episodes:
            return "no labelled episode yet"
        share, low, high = (round(100 * value) for value in (self.rate, *self.interval))
        return f"{self.successes} of {self.episodes} = {share} % ({low}–{high})"
