"""Samples a second of a supervised round against a plain Hugging Face Trainer with PEFT, same model and batch.

Both begin with pictures as a camera gave them. A round prepares each once; the plain loop does what the libraries'
guides show: a Dataset that prepares one sample at a time with PIL, the image processor and the tokenizer, the default
collator, Trainer. Model, LoRA rank, batch size, threads, optimizer (AdamW) and gradient clipping are the same.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.policies.base import Floats, Image
from irevla.policies.create import create_vla
from irevla.policies.vla import VLA
from irevla.training.benchmark.figure import Figure
from irevla.training.benchmark.speed.plain_trainer import plain_samples_per_s
from irevla.training.frame_batches import FrameBatches
from irevla.training.frames import FrameSet, gather_frames
from irevla.training.supervised_round import SupervisedRound

FRAMES, STEPS, WARM_UP = 128, 20, 3
USES = 20  # times stage 0 sees a frame, at least; preparing it is shared among them
VIEWS = ("front", "wrist")
INSTRUCTIONS = (
    "open the drawer",
    "press the button from above",
    "close the window",
    "turn the knob of the left burner on",
)
CASES = (("simulated cameras", 96, 96, 0), ("simulated cameras, LoRA 8", 96, 96, 8), ("a rig's cameras", 640, 480, 0))


@dataclass(frozen=True)
class MadeUpEpisode:
    """What the numbers are does not change the time taken."""

    images: dict[str, Image]
    states: Floats
    actions: Floats


def supervised_figures(settings: BenchmarkSettings) -> list[Figure]:
    """Return a figure for each size of recorded picture, and one with all of the VLM frozen but LoRA's weights."""
    figures = []
    for title, width_px, height_px, lora_rank in CASES:
        policy = settings.policy.model_copy(update={"lora_rank": lora_rank})
        episodes = made_up_episodes(width_px, height_px)
        ours = _samples_per_s(create_vla(policy, VIEWS, seed=0), episodes, settings)
        plain = plain_samples_per_s(
            create_vla(policy, VIEWS, seed=0), episodes, settings.rounds.batch_size, steps=STEPS, warm_up=WARM_UP
        )
        name = f"SFT, {title} ({width_px}×{height_px})"
        figures.append(Figure(name, ours, "samples/s", "plain HF Trainer + PEFT", plain, higher_is_better=True))
    return figures


def made_up_episodes(width_px: int, height_px: int) -> list[tuple[str, MadeUpEpisode]]:
    """Return an episode of noise for each instruction, FRAMES steps in all."""
    rng = np.random.default_rng(0)
    count = FRAMES // len(INSTRUCTIONS)
    return [
        (
            instruction,
            MadeUpEpisode(
                {view: rng.integers(0, 256, (count, height_px, width_px, 3), np.uint8) for view in VIEWS},
                rng.standard_normal((count, 7)).astype(np.float32),
                rng.uniform(-1, 1, (count, 7)).astype(np.float32),
            ),
        )
        for instruction in INSTRUCTIONS
    ]


def _samples_per_s(vla: VLA, episodes: list[tuple[str, MadeUpEpisode]], settings: BenchmarkSettings) -> float:
    begun = time.perf_counter()
    frames = gather_frames(episodes, vla.spec.preprocessing)
    preparing_s = (time.perf_counter() - begun) / len(frames) / USES
    return 1.0 / (preparing_s + _training_s(vla, frames, settings))


def _training_s(vla: VLA, frames: FrameSet, settings: BenchmarkSettings) -> float:
    """Return the seconds of a sample."""
    with tempfile.TemporaryDirectory() as folder:
        training = SupervisedRound(
            vla,
            FrameBatches(frames, None, settings.rounds, seed=0),
            settings.rounds,
            steps=WARM_UP + STEPS,
            learning_rate=settings.rounds.stage0_learning_rate,
            state_dir=Path(folder),
            identity="speed",
        )
        # Cancelled once to leave the first steps out; the rest goes on in the same process.
        training.run(lambda _: None, lambda: training.step >= WARM_UP)
        begun = time.perf_counter()
        training.run(lambda _: None, lambda: False)
        return (time.perf_counter() - begun) / (STEPS * settings.rounds.batch_size)
