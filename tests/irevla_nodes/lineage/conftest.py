"""Checkpoints that are a manifest only, and evaluation episodes with their labels."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from irevla.policies.manifest import Manifest
from irevla.training.store.episode import EpisodeMeta, Step
from irevla.training.store.episode_store import EpisodeStore
from irevla.training.store.lineage.comparisons import Pair

MakeModel = Callable[..., str]
Evaluate = Callable[..., None]
Compare = Callable[..., None]
TASK = "press_button"


@pytest.fixture
def store(tmp_path: Path) -> EpisodeStore:
    return EpisodeStore(tmp_path / "store")


@pytest.fixture
def make_model(store: EpisodeStore, tmp_path: Path) -> MakeModel:
    """Write and record the checkpoint ``name``; returns its hash."""

    def make(name: str, parent: str = "") -> str:
        folder = tmp_path / "models" / name
        folder.mkdir(parents=True)
        manifest = Manifest({}, "key", "stage0", parent, "d", {"name": name}, "2026-01-01T00:00:00+00:00")
        model_hash = manifest.write(folder)
        store.add_model(str(folder), model_hash, parent, 0, "d", {})
        return model_hash

    return make


@pytest.fixture
def evaluate(store: EpisodeStore) -> Evaluate:
    """Record a closed evaluation episode of one step, with a label if one is given."""

    def record(episode_id: str, model_hash: str, label: str, *, task: str = TASK, seed: int = 0) -> None:
        meta = EpisodeMeta(
            episode_id=episode_id,
            task=task,
            instruction="press the button",
            kind="eval",
            mode="policy",
            seed=seed,
            created_ns=1_700_000_000_000_000_000,
            max_steps=1,
            model_hash=model_hash,
        )
        writer = store.open(meta)
        for number in (0, 1):
            step = Step(
                step=number,
                stamp_ns=1_000 * number,
                state=np.zeros(7, np.float32),
                action=np.zeros(7, np.float32),
            )
            if number == 0:
                writer.append(step)
        writer.close(terminated=False, truncated=True, final=step)
        if label:
            store.label(episode_id, label, "auto")

    return record


@pytest.fixture
def compare(store: EpisodeStore, evaluate: Evaluate) -> Compare:
    """Record a comparison: ``outcomes`` has two characters a pair, old and new, "1" for a success."""

    def record(old_hash: str, new_hash: str, outcomes: str, task: str = TASK) -> None:
        pairs = []
        for seed, pair in enumerate(outcomes.split()):
            names = [f"{task}-{len(store.comparisons.records())}-{seed}-{side}" for side in ("old", "new")]
            for name, model_hash, outcome in zip(names, (old_hash, new_hash), pair, strict=True):
                evaluate(name, model_hash, "success" if outcome == "1" else "failure", task=task, seed=seed)
            pairs.append(Pair(task, seed, *names))
        store.comparisons.add(old_hash, new_hash, "ann", pairs)

    return record
