"""Demonstrations of a scripted expert: what it does is noisy, what is written down is what it meant to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from irevla.config.errors import WorldError
from irevla.policies.base import Floats
from irevla.training.rollout.episode import Episode
from irevla.training.rollout.seeds import episode_seeds
from irevla.training.suites.scene import Expert

_MOST_TRIES = 20
_TRANSLATION = 3


class DemonstratedEnv(Protocol):
    """What TaskEnv offers here."""

    def reset(self, *, seed: int | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
        """Start an episode."""

    def step(self, action: Floats) -> tuple[dict[str, Any], float, bool, bool, dict[str, Any]]:
        """Carry out one decision."""

    def expert(self, noise: float) -> Expert:
        """Return the expert of the present episode."""


@dataclass(frozen=True)
class Demonstrations:
    """Successful episodes of one task, and how many failures were left out."""

    episodes: list[Episode]
    failures: int


def demonstrate(env: DemonstratedEnv, task: str, *, seed: int, count: int, noise: float) -> Demonstrations:
    """Return ``count`` successful demonstrations; noise of this spread (action units) is put on the translation.

    Raises WorldError when the expert fails so often that twenty tries a demonstration are not enough.
    """
    episodes: list[Episode] = []
    tries = 0
    while len(episodes) < count:
        if tries == _MOST_TRIES * count:
            raise WorldError(
                f"{task}: the expert succeeded in {len(episodes)} of {tries} tries, expected {count} successes; "
                "lower demo_noise, or look at the task's contact sheet"
            )
        (start,) = episode_seeds("demonstration", seed, task, tries, 1)
        episode = demonstrate_once(env, start, noise)
        episodes += [episode] if episode.success else []
        tries += 1
    return Demonstrations(episodes, failures=tries - count)


def demonstrate_once(env: DemonstratedEnv, seed: int, noise: float) -> Episode:
    """Return one episode from the start state of ``seed``.

    The noise widens what D_e shows, and the clean action beside it shows the way back (DART, Laskey et al. 2017):
    noisy targets would teach the noise. Rotation and gripper are left alone, as experts need not correct them.
    """
    rng = np.random.default_rng((seed, 1))
    seen, _ = env.reset(seed=seed)
    expert = env.expert(0.0)
    pictures, states, actions = [], [], []
    is_over = success = False
    while not is_over:
        action = np.clip(expert.act(), -1.0, 1.0).astype(np.float32)
        pictures.append(seen["pictures"])
        states.append(seen["state"])
        actions.append(action)
        carried_out = action.copy()
        carried_out[:_TRANSLATION] += noise * rng.standard_normal(_TRANSLATION, dtype=np.float32)
        seen, _, success, truncated, _ = env.step(np.clip(carried_out, -1.0, 1.0))
        is_over = success or truncated
    return Episode(
        seed, success, np.stack(pictures), np.stack(states), np.stack(actions), seen["pictures"], seen["state"]
    )
