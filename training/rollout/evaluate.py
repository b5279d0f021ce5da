"""A policy's success rate on one task, without exploration."""

from __future__ import annotations

from irevla.training.rollout.episode import Actor
from irevla.training.rollout.lanes import Lanes
from irevla.training.rollout.seeds import episode_seeds
from irevla.training.rollout.wave import play_all
from irevla.training.success_rate import SuccessRate


def evaluate(lanes: Lanes, act: Actor, *, seed: int, task: str, episodes: int) -> SuccessRate:
    """Return how often ``act`` succeeds from the start states kept for evaluation, the same for every policy."""
    seeds = episode_seeds("evaluation", seed, task, 0, episodes)
    return SuccessRate(sum(episode.success for episode in play_all(lanes, seeds, act)), episodes)
