"""What the graph's services hand back: episodes of the store, models, pictures.

As in `facts`, field names are the messages' own; times are seconds since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class EpisodeInfo:
    """EpisodeInfo."""

    episode_id: str
    task: str
    instruction: str
    kind: str
    mode: str
    state: str
    label: str
    label_by: str
    reason: str
    path: str
    model_hash: str
    weights_version: int
    seed: int
    created: float
    steps: int
    intervention_steps: int
    explore: bool
    terminated: bool
    truncated: bool
    has_images: bool
    reset_s: float
    run_s: float
    label_delay_s: float
    q_last: float
    disagreement: float
    thumbnail: bytes  # JPEG; empty unless asked for


@dataclass(frozen=True)
class LabelChange:
    """LabelChange."""

    old: str
    label: str
    who: str
    stamp: float
    delay_s: float


@dataclass(frozen=True)
class EpisodePage:
    """Answer of ListEpisodes."""

    total: int
    episodes: tuple[EpisodeInfo, ...]


@dataclass(frozen=True, eq=False)
class EpisodeDetail:
    """Answer of GetEpisode; T closed steps."""

    episode: EpisodeInfo
    labels: tuple[LabelChange, ...]
    cameras: tuple[str, ...]
    stamps_ns: NDArray[np.int64]  # (T,)
    states: Floats  # (T, 7)
    actions: Floats  # (T, 7)
    q_values: Floats  # (T,)
    log_probs: Floats  # (T,)
    sources: NDArray[np.uint8]  # (T,)
    interventions: NDArray[np.bool_]  # (T,)
    limited: NDArray[np.uint32]  # (T,)


@dataclass(frozen=True)
class Pictures:
    """Answer of GetPictures: JPEG files, in the order of the rows."""

    pictures: tuple[bytes, ...]


@dataclass(frozen=True)
class StartScene:
    """Answer of GetStartScene."""

    episode_id: str
    picture: bytes  # JPEG


@dataclass(frozen=True)
class Evaluation:
    """Evaluation."""

    task: str
    successes: int
    episodes: int


@dataclass(frozen=True)
class ModelInfo:
    """ModelInfo."""

    number: int
    path: str
    model_hash: str
    parent_hash: str
    stage: int
    data_hash: str
    added: float
    exists: bool
    is_promoted: bool
    evaluations: tuple[Evaluation, ...]


@dataclass(frozen=True)
class RoundInfo:
    """RoundInfo."""

    round_id: str
    stage: int
    parent_hash: str
    data_hash: str
    expert_episodes: int
    online_episodes: int
    started: float
    model_hash: str


@dataclass(frozen=True)
class Promotion:
    """Promotion."""

    model_hash: str
    previous_hash: str
    who: str
    why: str
    is_rollback: bool
    stamp: float


@dataclass(frozen=True)
class Lineage:
    """Answer of ListModels; each list oldest first."""

    models: tuple[ModelInfo, ...]
    rounds: tuple[RoundInfo, ...]
    promotions: tuple[Promotion, ...]


@dataclass(frozen=True)
class Made:
    """What a request made or changed: an episode's id, a checkpoint's path and hash; "" where it does not apply."""

    episode_id: str = ""
    path: str = ""
    model_hash: str = ""
