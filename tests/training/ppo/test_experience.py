"""From episodes to what an update learns from, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from irevla.config.benchmark.ppo import PpoSettings
from irevla.training.ppo.experience import gather_experience
from irevla.training.rollout.episode import Episode

CPU = torch.device("cpu")


def episode(values: list[float], *, success: bool) -> Episode:
    steps = len(values)
    extras = {
        "values": np.array(values, np.float32),
        "log_probs": np.arange(steps, dtype=np.float32),
        "draws": np.full((steps, 7), 1.5, np.float32),
        "latents": np.ones((steps, 2, 4), np.float16),
    }
    pictures = np.zeros((steps, 1, 4, 4, 3), np.uint8)
    floats = np.zeros((steps, 7), np.float32)
    return Episode(0, success, pictures, floats, floats, pictures[0], floats[0], extras)


def test_returns_and_advantages_by_hand() -> None:
    """gamma 0.5, lambda 1: returns 0.5, 1 of the success; 0.5 * 0.4 of the time-out whose last value is 0.4."""
    settings = PpoSettings(discount=0.5, gae_lambda=1.0, smallest_spread=0.05)
    found = gather_experience(
        [episode([0.2, 0.4], success=True), episode([0.1], success=False)], [0.0, 0.4], settings, CPU
    )
    assert found.returns.tolist() == pytest.approx([0.5, 1.0, 0.2], abs=1e-6)
    gains = np.array([0.3, 0.6, 0.1])
    assert found.advantages.tolist() == pytest.approx(((gains - gains.mean()) / gains.std()).tolist(), abs=1e-5)
    returns = np.array([0.5, 1.0, 0.2])
    assert found.explained == pytest.approx(1.0 - gains.var() / returns.var(), abs=1e-5)
    assert found.log_probs.tolist() == [0.0, 1.0, 0.0]
    assert found.seen.dtype == torch.float16 and found.draws.max() == 1.5


def test_nothing_to_explain_is_no_number() -> None:
    settings = PpoSettings(discount=0.5, gae_lambda=0.0)
    assert math.isnan(gather_experience([episode([0.0, 0.0], success=False)], [0.0], settings, CPU).explained)


def test_minibatches_are_nearly_equal_and_cover_every_step_once() -> None:
    found = gather_experience([episode([0.0] * 25, success=True)], [0.0], PpoSettings(), CPU)
    parts = list(found.rows(np.random.default_rng(0), 8))
    assert [len(part) for part in parts] == [7, 6, 6, 6]
    assert sorted(torch.cat(parts).tolist()) == list(range(25))
