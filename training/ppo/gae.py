"""Generalized advantage estimation (Schulman et al. 2016), one whole episode at a time. Needs no torch."""

from __future__ import annotations

import numpy as np

from irevla.policies.base import Floats


def advantages(rewards: Floats, values: Floats, final_value: float, discount: float, trace: float) -> Floats:
    """Return A ``(T,)`` of rewards and values ``(T,)``.

        delta_t = r_t + gamma V_{t+1} - V_t,    A_t = delta_t + gamma lambda A_{t+1}

    ``final_value`` is V_T: 0 after a real end; after a time-out the value of the last observation, for the episode
    would have gone on.
    """
    following = np.append(values[1:], np.float32(final_value))
    deltas = rewards + discount * following - values
    result = np.zeros(len(deltas), dtype=np.float32)
    ahead = 0.0
    for step in reversed(range(len(deltas))):
        ahead = deltas[step] + discount * trace * ahead
        result[step] = ahead
    return result


def normalised(values: Floats, smallest_spread: float) -> Floats:
    """Return ``values`` less their mean, over their spread, or over ``smallest_spread`` where that is more.

    Without the limit, an update in which every episode failed would scale the critic's noise up to a full step.
    """
    spread = max(float(values.std()), smallest_spread)
    result: Floats = (values - values.mean()) / np.float32(spread)
    return result
