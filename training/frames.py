"""Recorded steps as flat arrays for supervised learning: pictures at the VLM's size, states, actions, instructions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from irevla.config.errors import UserError
from irevla.policies.base import ACTION_DIM, STATE_DIM, Floats, Image
from irevla.policies.preprocessing import Preprocessing


class RecordedEpisode(Protocol):
    """What the store's Episode offers of one episode of T steps."""

    @property
    def images(self) -> Mapping[str, Image]:
        """``(T, H, W, 3)`` by camera."""

    @property
    def states(self) -> Floats:
        """``(T, 7)``."""

    @property
    def actions(self) -> Floats:
        """``(T, 7)``: what the arm did."""


@dataclass(frozen=True)
class FrameSet:
    """N steps of successful episodes: ``pictures`` uint8 ``(N, V, P, P, 3)``; ``instruction_ids`` ``(N,)``."""

    pictures: Image
    states: Floats
    actions: Floats
    instruction_ids: NDArray[np.int64]
    instructions: tuple[str, ...]

    def __post_init__(self) -> None:
        count = len(self.actions)
        if not count:
            raise UserError("a supervised round needs at least one step of a successful episode, got none")
        for what, array, shape in (
            ("pictures", self.pictures, (count, *self.pictures.shape[1:4], 3)),
            ("states", self.states, (count, STATE_DIM)),
            ("actions", self.actions, (count, ACTION_DIM)),
            ("instruction_ids", self.instruction_ids, (count,)),
        ):
            if array.shape != shape:
                raise UserError(f"expected {what} of shape {shape}, got {array.shape}")
        if not (np.isfinite(self.states).all() and np.isfinite(self.actions).all()):
            raise UserError("states or actions hold NaN or infinity; `irevla episodes verify` names the episode")

    def __len__(self) -> int:
        return len(self.actions)

    def hash(self) -> str:
        """Return the sha256 of everything a round learns from."""
        digest = hashlib.sha256(repr((self.instructions, self.pictures.shape)).encode())
        for array in (self.pictures, self.states, self.actions, self.instruction_ids):
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()


def gather_frames(episodes: Iterable[tuple[str, RecordedEpisode]], preprocessing: Preprocessing) -> FrameSet:
    """Return the steps of ``(instruction, episode)`` pairs as one FrameSet; one episode is in memory at a time.

    Raises UserError when there is none, or when one lacks a picture of a view.
    """
    pictures, states, actions, ids = [], [], [], []
    instructions: dict[str, int] = {}
    for instruction, episode in episodes:
        steps = range(len(episode.actions))
        views = episode.images
        pictures += [preprocessing.pictures({view: views[view][step] for view in views}) for step in steps]
        states.append(episode.states)
        actions.append(episode.actions)
        ids += [instructions.setdefault(instruction, len(instructions))] * len(steps)
    if not ids:
        raise UserError("a supervised round needs at least one successful episode, got none")
    return FrameSet(
        pictures=np.stack(pictures),
        states=np.concatenate(states).astype(np.float32),
        actions=np.concatenate(actions).astype(np.float32),
        instruction_ids=np.array(ids, dtype=np.int64),
        instructions=tuple(instructions),
    )
