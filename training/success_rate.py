"""A success rate as it may be published: with its n and its Wilson 95 % interval."""

from __future__ import annotations

import math
from dataclasses import dataclass

Z_95 = 1.959963984540054  # two-sided 95 % quantile of the normal distribution


@dataclass(frozen=True)
class SuccessRate:
    """``successes`` out of ``n`` independent episodes."""

    successes: int
    n: int

    def __post_init__(self) -> None:
        if not 0 <= self.successes <= self.n:
            raise ValueError(f"expected 0 <= successes <= n, got {self.successes} of {self.n}")

    @property
    def rate(self) -> float:
        """Share of successes; NaN when there was no episode."""
        return self.successes / self.n if self.n else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson score interval at 95 % (Wilson 1927); (0, 1) when there was no episode."""
        if not self.n:
            return 0.0, 1.0
        p, n, z2 = self.rate, self.n, Z_95**2
        centre = (p + z2 / (2 * n)) / (1 + z2 / n)
        half = Z_95 / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
        return max(0.0, centre - half), min(1.0, centre + half)

    def as_dict(self) -> dict[str, float | int]:
        """Return the row of `results.json`: success, n, low, high."""
        low, high = self.interval
        return {"success": round(self.rate, 4), "n": self.n, "low": round(low, 4), "high": round(high, 4)}

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.rate:.2f} [{low:.2f}, {high:.2f}] n={self.n}" if self.n else "–"
