"""How much a count of successes says: Wilson's interval, and both in words."""

from __future__ import annotations

import math

Z_95 = 1.959963984540054  # two-sided 95 % quantile of the normal distribution


def wilson(successes: int, episodes: int) -> tuple[float, float]:
    """Return the Wilson score interval at 95 % (Wilson 1927); (0, 1) without an episode."""
    if not episodes:
        return 0.0, 1.0
    rate, z2 = successes / episodes, Z_95**2
    centre = (rate + z2 / (2 * episodes)) / (1 + z2 / episodes)
    half = Z_95 / (1 + z2 / episodes) * math.sqrt(rate * (1 - rate) / episodes + z2 / (4 * episodes**2))
    return max(0.0, centre - half), min(1.0, centre + half)


def in_words(successes: int, episodes: int) -> str:
    """Return e.g. "17/20 (95 %: 0.64 to 0.95)"."""
    if not episodes:
        return "no episode"
    low, high = wilson(successes, episodes)
    return f"{successes}/{episodes} (95 %: {low:.2f} to {high:.2f})"
