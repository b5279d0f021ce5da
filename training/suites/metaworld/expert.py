"""MetaWorld's scripted policies as experts that decide at our rate."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from metaworld.policies import ENV_POLICY_MAP

from irevla.policies.base import ACTION_DIM, Floats


class ScriptedExpert:
    """Implements `Expert`."""

    def __init__(self, base: str, env: Any, rng: np.random.Generator, noise: float) -> None:
        self._policy = ENV_POLICY_MAP[f"{base}-v3"]()
        self._env = env
        self._rng = rng
        self._noise = noise

    def act(self) -> Floats:
        """Return an action ``(7,)`` for the present state; without rotation."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "Constant(s) may be too high", at most of its steps
            x, y, z, effort = self._policy.get_action(self._env._get_obs())
        action = np.zeros(ACTION_DIM, dtype=np.float32)
        action[:3] = np.clip([x, y, z], -1.0, 1.0) + self._rng.normal(0.0, self._noise, 3)
        action[6] = -1.0 if effort > 0 else 1.0
        return np.clip(action, -1.0, 1.0)
