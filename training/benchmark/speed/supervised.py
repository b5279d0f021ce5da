"""Samples a second of a supervised round against a plain Hugging Face Trainer with PEFT, same model and batch.

The plain loop is what the libraries' guides show: a Dataset that opens one sample at a time with PIL, the image
processor and the tokenizer, the default collator, Trainer with its defaults. Model, LoRA rank, batch size, thread and
optimizer (AdamW) are the same.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.policies.create import create_vla
from irevla.policies.vla import VLA
from irevla.training.benchmark.figure import Figure
from irevla.training.benchmark.speed.plain_trainer import plain_samples_per_s
from irevla.training.frame_batches import FrameBatches
from irevla.training.frames import FrameSet
from irevla.training.supervised_round import SupervisedRound

FRAMES, STEPS, WARM_UP = 1000, 25, 3
VIEWS = ("front", "wrist")
LORA_RANK = 8
INSTRUCTIONS = ("open the drawer", "press the button", "close the window", "open the door")


def supervised_figures(settings: BenchmarkSettings) -> list[Figure]:
    """Return the figure with every VLM weight frozen but LoRA's, and with all of them trained."""
    figures = []
    for rank, title in ((LORA_RANK, f"LoRA {LORA_RANK}"), (0, "every weight")):
        policy = settings.policy.model_copy(update={"lora_rank": rank})
        sized = settings.model_copy(update={"policy": policy})
        frames = _frames(policy.image_px)
        ours = _samples_per_s(create_vla(policy, VIEWS, seed=0), frames, sized)
        plain = plain_samples_per_s(
            create_vla(policy, VIEWS, seed=0), frames, settings.rounds.batch_size, steps=STEPS, warm_up=WARM_UP
        )
        figures.append(Figure(f"SFT, {title}", ours, "samples/s", "plain HF Trainer + PEFT", plain, True))
    return figures


def _frames(side_px: int) -> FrameSet:
    """Return made-up steps; what the numbers are does not change the time taken."""
    rng = np.random.default_rng(0)
    return FrameSet(
        pictures=rng.integers(0, 256, (FRAMES, len(VIEWS), side_px, side_px, 3), np.uint8),
        states=rng.standard_normal((FRAMES, 7)).astype(np.float32),
        actions=rng.uniform(-1, 1, (FRAMES, 7)).astype(np.float32),
        instruction_ids=rng.integers(0, len(INSTRUCTIONS), FRAMES),
        instructions=INSTRUCTIONS,
    )


def _samples_per_s(vla: VLA, frames: FrameSet, settings: BenchmarkSettings) -> float:
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
        wall_s = time.perf_counter() - begun
    return STEPS * settings.rounds.batch_size / wall_s
