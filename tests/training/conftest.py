"""Small heads, batches, stores and checkpoints for the tests of learning."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from irevla.config.policy import PolicySettings
from irevla.policies.action_head import ActionHead
from irevla.policies.checkpoint import save_checkpoint
from irevla.policies.create import create_vla
from irevla.policies.head_shape import HeadShape
from irevla.policies.vla import VLA
from irevla.training.replay import LatentBatch
from irevla.training.store.episode import EpisodeMeta, Step
from irevla.training.store.episode_store import EpisodeStore

MakeBatch = Callable[..., LatentBatch]
Record = Callable[..., str]
TINY = PolicySettings(image_px=16, head_hidden=(16,), device="cpu")


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def head() -> ActionHead:
    torch.manual_seed(0)
    return ActionHead(HeadShape(tokens=2, width=4, use_state=True, hidden=(8,), maps=2))


@pytest.fixture
def make_batch() -> MakeBatch:
    """B random transitions for ``head``; arguments replace arrays."""

    def make(count: int = 6, seed: int = 0, **changes: object) -> LatentBatch:
        rng = np.random.default_rng(seed)
        values: dict[str, object] = {
            "latents": rng.standard_normal((count, 2, 4)).astype(np.float16),
            "states": rng.standard_normal((count, 7)).astype(np.float32),
            "actions": rng.uniform(-1, 1, (count, 7)).astype(np.float32),
            "rewards": np.zeros(count, np.float32),
            "next_latents": rng.standard_normal((count, 2, 4)).astype(np.float16),
            "next_states": rng.standard_normal((count, 7)).astype(np.float32),
            "terminated": np.zeros(count, np.bool_),
            "successful": np.ones(count, np.bool_),
        }
        return LatentBatch(**{**values, **changes})  # type: ignore[arg-type]

    return make


@pytest.fixture
def store(tmp_path: Path) -> EpisodeStore:
    return EpisodeStore(tmp_path / "store")


@pytest.fixture
def tiny() -> PolicySettings:
    return TINY


@pytest.fixture
def tiny_vla() -> VLA:
    return create_vla(TINY, seed=0)


@pytest.fixture
def model(tmp_path: Path, tiny_vla: VLA) -> tuple[Path, str, str]:
    """A checkpoint: its folder, its model_hash and its latent key."""
    folder = tmp_path / "models" / "start"
    return folder, save_checkpoint(folder, tiny_vla, stage="stage0"), tiny_vla.latent_key()


@pytest.fixture
def record(store: EpisodeStore, tiny_vla: VLA) -> Record:
    """Write a closed episode of ``steps`` steps and label it; the action is a fixed function of the state."""
    key = tiny_vla.latent_key()
    shape = (tiny_vla.spec.head.tokens, tiny_vla.spec.head.width)

    def write(name: str, *, steps: int = 4, label: str = "success", latent_key: str = key, **meta: object) -> str:
        rng = np.random.default_rng(sum(name.encode()))

        def step(number: int) -> Step:
            state = rng.normal(size=7).astype(np.float32)
            return Step(
                step=number,
                stamp_ns=10**8 * number,
                state=state,
                action=np.tanh(state),
                images={view: rng.integers(0, 256, (16, 16, 3), dtype=np.uint8) for view in ("front", "wrist")},
                latent=rng.normal(size=shape).astype(np.float16) if latent_key else None,
                latent_key=latent_key,
            )

        values: dict[str, object] = {
            "task": "pick_eggplant",
            "instruction": "pick up the eggplant",
            "kind": "rl",
            "mode": "policy",
            "seed": 0,
            "created_ns": 1,
            "max_steps": 60,
        }
        writer = store.open(EpisodeMeta(episode_id=name, **{**values, **meta}))  # type: ignore[arg-type]
        for number in range(steps):
            writer.append(step(number))
        writer.close(terminated=label == "success", truncated=label != "success", final=step(steps))
        if label:
            store.label(name, label, "test")
        return name

    return write
