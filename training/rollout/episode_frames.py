"""From episodes of the lanes to what supervised learning takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from irevla.config.errors import UserError
from irevla.training.frames import FrameSet
from irevla.training.rollout.episode import Episode


def episode_frames(tasks: Iterable[tuple[str, Sequence[Episode]]]) -> FrameSet:
    """Return the steps of ``(instruction, episodes)`` pairs as one FrameSet.

    Raises UserError when there is no episode, or one that is no success.
    """
    episodes, ids = [], []
    instructions: dict[str, int] = {}
    for instruction, group in tasks:
        for episode in group:
            if not episode.success:
                raise UserError(f"{instruction!r}: supervised learning takes successes only, got a failure")
            episodes.append(episode)
            ids += [instructions.setdefault(instruction, len(instructions))] * len(episode)
    if not episodes:
        raise UserError("supervised learning needs at least one successful episode, got none")
    return FrameSet(
        pictures=np.concatenate([episode.pictures for episode in episodes]),
        states=np.concatenate([episode.states for episode in episodes]).astype(np.float32),
        actions=np.concatenate([episode.actions for episode in episodes]).astype(np.float32),
        instruction_ids=np.array(ids, dtype=np.int64),
        instructions=tuple(instructions),
    )
