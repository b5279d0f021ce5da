"""SACfD on cached latents against the same learner that encodes its pictures again at every update, and its memory."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray

from irevla.config.settings import Settings, load_settings
from irevla.policies.create import create_vla
from irevla.policies.vla import VLA
from irevla.training.benchmark.figure import Figure
from irevla.training.replay import LatentBatch, LatentBuffer, LatentEpisode, Replay
from irevla.training.sacfd import Sacfd

EPISODES, STEPS = 20, 20
CACHED_UPDATES, REENCODED_UPDATES = 60, 3
MEMORY_STEPS = 100_000
INSTRUCTION = "pick up the eggplant"


def run() -> list[Figure]:
    """Measure updates per second both ways, on one thread and in one process, and the bytes of 100 k steps."""
    settings = load_settings("sim")
    torch.set_num_threads(settings.learner.threads)
    vla = create_vla(settings.policy, seed=0)
    vla.freeze_backbone()
    replay = _replay(vla, settings)
    cached = _updates_per_s(vla, settings, replay, CACHED_UPDATES, lambda batch: batch)
    encode_again = _encoder(vla, settings.policy.image_px)
    reencoded = _updates_per_s(vla, settings, replay, REENCODED_UPDATES, encode_again)
    shape = vla.spec.head
    memory = LatentBuffer(MEMORY_STEPS, shape.tokens, shape.width, "").nbytes
    return [
        Figure("SACfD updates", cached, "1/s", "encoding the pictures again", reencoded, higher_is_better=True),
        Figure("replay of 100 k steps", memory / 1e9, "GB", "1 GB", 1.0),
    ]


def _replay(vla: VLA, settings: Settings) -> Replay:
    """Return demo and online buffers full of made-up steps; what the numbers are does not change the time taken."""
    rng = np.random.default_rng(0)
    shape = vla.spec.head
    buffers = [LatentBuffer(EPISODES * (STEPS + 1), shape.tokens, shape.width, "") for _ in range(2)]
    for number in range(2 * EPISODES):
        latents = rng.standard_normal((STEPS + 1, shape.tokens, shape.width)).astype(np.float16)
        states = rng.standard_normal((STEPS + 1, shape.state_dim or 7)).astype(np.float32)
        buffers[number % 2].add(
            LatentEpisode(
                episode_id=str(number),
                latents=latents[:-1],
                states=states[:-1],
                actions=rng.uniform(-1, 1, (STEPS, shape.action_dim)).astype(np.float32),
                latent_key="",
                success=number % 2 == 0,
                final_latent=latents[-1],
                final_state=states[-1],
            )
        )
    return Replay(*buffers)


def _encoder(vla: VLA, side_px: int) -> Callable[[LatentBatch], LatentBatch]:
    """Return what a learner without cached latents does to a batch first: the VLM on every picture, now and next."""
    pictures = np.random.default_rng(0).integers(
        0, 256, (256, len(vla.spec.preprocessing.views), side_px, side_px, 3), np.uint8
    )

    def encode(count: int) -> NDArray[np.float16]:
        with torch.no_grad():
            seen = torch.from_numpy(pictures[np.arange(count) % len(pictures)])
            latents: NDArray[np.float16] = vla.encode(seen, [INSTRUCTION] * count).half().numpy()
        return latents

    def encode_again(batch: LatentBatch) -> LatentBatch:
        count = len(batch.rewards)
        return LatentBatch(**{**vars(batch), "latents": encode(count), "next_latents": encode(count)})

    return encode_again


def _updates_per_s(
    vla: VLA, settings: Settings, replay: Replay, updates: int, prepare: Callable[[LatentBatch], LatentBatch]
) -> float:
    learner = settings.learner.model_copy(update={"critic_warmup_updates": 0})
    sacfd = Sacfd(vla.head, learner, seed=0)
    rng = np.random.default_rng(0)
    sacfd.update(prepare(replay.sample(learner.batch_size, rng)))
    begun = time.perf_counter()
    for _ in range(updates):
        sacfd.update(prepare(replay.sample(learner.batch_size, rng)))
    return updates / (time.perf_counter() - begun)
