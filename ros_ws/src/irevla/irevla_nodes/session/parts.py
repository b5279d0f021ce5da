"""What arrives for one step, from whom, in any order; docs/graph.md says who publishes it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from irevla.training.store.episode import Doubles, Floats, Halves, Image


@dataclass(frozen=True, eq=False)
class StatePart:
    """robot/state: the arm at the beginning of the step."""

    episode_id: str
    step: int
    stamp_ns: int
    state: Floats  # (7,), policies/base.py
    joint_position_rad: Doubles  # (7,)


@dataclass(frozen=True, eq=False)
class SimPart:
    """sim/state: the simulator at the beginning of the step; ``success`` judges the step before."""

    episode_id: str
    step: int
    stamp_ns: int
    qpos: Doubles
    success: bool


@dataclass(frozen=True, eq=False)
class ImagePart:
    """camera/<name>/image; an image knows its stamp, not its step."""

    camera: str
    stamp_ns: int
    image: Image  # (H, W, 3) RGB


@dataclass(frozen=True, eq=False)
class SightPart:
    """policy/sight: the pictures of real cameras that the policy looked at."""

    episode_id: str
    step: int
    image_stamps_ns: dict[str, int]  # by camera


@dataclass(frozen=True, eq=False)
class LatentPart:
    """policy/latent."""

    episode_id: str
    step: int
    key: str
    latent: Halves  # (m, d)


@dataclass(frozen=True, eq=False)
class ProposalPart:
    """policy/action."""

    episode_id: str
    step: int
    mean: Floats  # (7,)
    log_prob: float
    q_value: float
    weights_version: int
    model_hash: str


@dataclass(frozen=True, eq=False)
class CommandPart:
    """arbiter/command that moves the arm (a hold is none)."""

    episode_id: str
    step: int
    action: Floats  # (7,) what is really executed
    source: int  # Action.SOURCE_*
    limited: int  # MotionCommand.LIMIT_* bits


Part = StatePart | SimPart | ImagePart | SightPart | LatentPart | ProposalPart | CommandPart


def half_matrix(data: NDArray[np.uint8], tokens: int, width: int) -> Halves:
    """Return Latent.data as float16 ``(tokens, width)``, a copy; raises ValueError when the sizes disagree."""
    return np.frombuffer(np.ascontiguousarray(data).tobytes(), "<f2").astype(np.float16).reshape(tokens, width)
