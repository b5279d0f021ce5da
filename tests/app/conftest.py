"""Episodes of a store, for every layer of the window."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from irevla.app.graph.records import EpisodeDetail, EpisodeInfo, LabelChange

NAN = math.nan
EPISODE = EpisodeInfo(
    episode_id="e0",
    task="pick_carrot",
    instruction="pick up the carrot",
    kind="rl",
    mode="policy",
    state="closed",
    label="failure",
    label_by="anna",
    reason="",
    path="/data/e0.mcap",
    model_hash="abcdef0123",
    weights_version=40,
    seed=3,
    created=1_700_000_000.0,
    steps=4,
    intervention_steps=2,
    explore=True,
    terminated=False,
    truncated=True,
    has_images=True,
    reset_s=5.25,
    run_s=0.4,
    label_delay_s=1.5,
    q_last=0.875,
    disagreement=0.875,
    thumbnail=b"",
)


@pytest.fixture
def make_episode() -> Callable[..., EpisodeInfo]:
    """Return an episode with other values than EPISODE's where they are given."""

    def make(episode_id: str = "e0", **changes: Any) -> EpisodeInfo:
        return replace(EPISODE, episode_id=episode_id, **changes)

    return make


@pytest.fixture
def make_detail(make_episode: Callable[..., EpisodeInfo]) -> Callable[..., EpisodeDetail]:
    """Return the numbers of an episode of ``steps`` steps: the policy acts, a person helps in rows 1 and 2."""

    def make(episode_id: str = "e0", steps: int = 4, **changes: Any) -> EpisodeDetail:
        rows = np.arange(steps)
        is_helped = (rows == 1) | (rows == 2)
        return EpisodeDetail(
            episode=make_episode(episode_id, steps=steps, **changes),
            labels=(LabelChange("", "failure", "anna", 1_700_000_010.0, 1.5),),
            cameras=("front", "wrist"),
            stamps_ns=(1_700_000_000_000_000_000 + rows * 100_000_000).astype(np.int64),
            states=np.tile(np.array([0.5, -0.1, 0.25, 0.0, 0.0, 0.5, 0.08], np.float32), (steps, 1)),
            actions=np.tile(np.array([0.1, -0.2, 0.3, 0.0, 0.0, 0.0, 1.0], np.float32), (steps, 1)),
            q_values=np.linspace(0.5, 0.875, steps, dtype=np.float32),
            log_probs=np.full(steps, 2.5, np.float32),
            sources=np.where(is_helped, 2, 1).astype(np.uint8),
            interventions=is_helped,
            limited=np.where(rows == 3, 9, 0).astype(np.uint32),
        )

    return make
