"""Every random number of a run is a function of its seed and of what it is for. Needs no torch."""

from __future__ import annotations

import hashlib
from typing import Literal

Purpose = Literal["training", "greedy", "zero-shot", "demonstration", "evaluation"]
_HALF = 2**31


def derived_seed(seed: int, *purpose: str | int) -> int:
    """Return a number below 2**31 that depends on the arguments alone."""
    digest = hashlib.sha256(repr((seed, *purpose)).encode()).digest()
    return int.from_bytes(digest[:4], "big") % _HALF


def episode_seeds(purpose: Purpose, seed: int, task: str, first: int, count: int) -> list[int]:
    """Return the seeds of the start states of episodes ``first`` to ``first + count - 1``.

    Evaluation has the upper half of 32 bits to itself, so no other episode ever begins where one of its does.
    """
    offset = _HALF if purpose == "evaluation" else 0
    return [derived_seed(seed, purpose, task, number) + offset for number in range(first, first + count)]
