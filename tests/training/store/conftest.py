"""Small stores, metas and steps for the tests of the episode store."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from irevla.training.store.episode import EpisodeMeta, Step
from irevla.training.store.episode_store import EpisodeStore

MakeMeta = Callable[..., EpisodeMeta]
MakeStep = Callable[..., Step]
Record = Callable[..., EpisodeMeta]


@pytest.fixture
def store(tmp_path: Path) -> EpisodeStore:
    return EpisodeStore(tmp_path / "store")


@pytest.fixture
def make_meta() -> MakeMeta:
    def make(episode_id: str = "e0", **changes: object) -> EpisodeMeta:
        values: dict[str, object] = {
            "task": "pick_red_block",
            "instruction": "pick up the red block",
            "kind": "rl",
            "mode": "policy",
            "seed": 7,
            "created_ns": 1_700_000_000_000_000_000,
            "max_steps": 60,
        }
        return EpisodeMeta(episode_id=episode_id, **{**values, **changes})  # type: ignore[arg-type]

    return make


@pytest.fixture
def make_step() -> MakeStep:
    def make(number: int, **changes: object) -> Step:
        rng = np.random.default_rng(number)
        values: dict[str, object] = {
            "step": number,
            "stamp_ns": 1_000_000_000 + 100_000_000 * number,
            "state": rng.normal(size=7).astype(np.float32),
            "action": rng.uniform(-1, 1, 7).astype(np.float32),
            "latent": rng.normal(size=(2, 4)).astype(np.float16),
            "latent_key": "key",
        }
        return Step(**{**values, **changes})  # type: ignore[arg-type]

    return make


@pytest.fixture
def record(store: EpisodeStore, make_meta: MakeMeta, make_step: MakeStep) -> Record:
    """Record a closed episode of ``steps`` steps; label it if one is given."""

    def write(episode_id: str = "e0", *, steps: int = 3, label: str = "", **meta: object) -> EpisodeMeta:
        description = make_meta(episode_id, **meta)
        writer = store.open(description)
        for number in range(steps):
            writer.append(make_step(number))
        writer.close(terminated=False, truncated=True, final=make_step(steps))
        if label:
            store.label(episode_id, label, "tester")
        return description

    return write
