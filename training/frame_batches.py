"""Mini-batches of frames: shuffled epochs, half expert and half online in stage 2, pictures randomly shifted.

Batch k depends on the seed and on k only, so a round that resumes at step k goes on as if it had never stopped.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from irevla.config.errors import TrainingError
from irevla.config.rounds import RoundSettings
from irevla.policies.base import Floats, Image
from irevla.training.frames import FrameSet


@dataclass(frozen=True)
class FrameBatch:
    """B steps; ``pictures`` uint8 ``(B, V, P, P, 3)``, one instruction a row."""

    pictures: Image
    states: Floats
    actions: Floats
    instructions: list[str]


class FrameBatches:
    """The batches of one round, by number."""

    def __init__(self, expert: FrameSet, online: FrameSet | None, settings: RoundSettings, seed: int) -> None:
        """Draw from D_e (``expert``) and, in stage 2, ``online_fraction`` of each batch from D_RL (``online``).

        Raises TrainingError when a stage-2 batch would hold no expert step, or no online one.
        """
        batch_size, online_fraction = settings.batch_size, settings.online_fraction
        online_count = round(batch_size * online_fraction) if online is not None else 0
        if online is not None and not 0 < online_count < batch_size:
            raise TrainingError(
                f"a stage-2 batch of {batch_size} with online_fraction {online_fraction} holds {online_count} online "
                f"and {batch_size - online_count} expert steps; without both, tasks are forgotten"
            )
        self._seed, self._shift_px = seed, settings.shift_px
        self._parts = [(expert, _Epochs(len(expert), batch_size - online_count, seed))]
        if online is not None:
            self._parts.append((online, _Epochs(len(online), online_count, seed + 1)))

    def __getitem__(self, number: int) -> FrameBatch:
        """Return batch ``number``; each picture is shifted as a whole, the views of one step independently."""
        rng = np.random.default_rng((self._seed, number))
        chosen = [(frames, epochs.rows(number)) for frames, epochs in self._parts]
        pictures = np.concatenate([frames.pictures[rows] for frames, rows in chosen])
        return FrameBatch(
            pictures=shift(pictures.reshape(-1, *pictures.shape[2:]), rng, self._shift_px).reshape(pictures.shape),
            states=np.concatenate([frames.states[rows] for frames, rows in chosen]),
            actions=np.concatenate([frames.actions[rows] for frames, rows in chosen]),
            instructions=[frames.instructions[n] for frames, rows in chosen for n in frames.instruction_ids[rows]],
        )


class _Epochs:
    """Rows 0..count-1 in a new random order each epoch, ``size`` of them a batch."""

    def __init__(self, count: int, size: int, seed: int) -> None:
        self._count, self._size, self._seed = count, size, seed
        self._orders: dict[int, NDArray[np.int64]] = {}

    def rows(self, number: int) -> NDArray[np.int64]:
        places = np.arange(number * self._size, (number + 1) * self._size)
        epochs = (places // self._count).tolist()
        self._orders = {epoch: self._order(epoch) for epoch in set(epochs)}
        return np.array([self._orders[epoch][place % self._count] for epoch, place in zip(epochs, places, strict=True)])

    def _order(self, epoch: int) -> NDArray[np.int64]:
        known = self._orders.get(epoch)
        return np.random.default_rng((self._seed, epoch, 1)).permutation(self._count) if known is None else known


def shift(pictures: Image, rng: np.random.Generator, pad_px: int) -> Image:
    """Return ``pictures`` ``(B, H, W, 3)``, each moved by up to ``pad_px`` (DrQ); edges are repeated."""
    count, height, width, channels = pictures.shape
    padded = np.pad(pictures, ((0, 0), (pad_px, pad_px), (pad_px, pad_px), (0, 0)), mode="edge")
    batch, row, column, channel = padded.strides
    choices = 2 * pad_px + 1
    windows = as_strided(  # every crop of every picture, without a copy
        padded,
        shape=(count, choices, choices, height, width, channels),
        strides=(batch, row, column, row, column, channel),
        writeable=False,
    )
    down, right = rng.integers(choices, size=(2, count))
    shifted: Image = windows[np.arange(count), down, right]
    return shifted
