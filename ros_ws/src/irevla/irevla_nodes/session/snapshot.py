"""The session as others see it: what session/state and session/closed say."""

from __future__ import annotations

from dataclasses import dataclass

from irevla_nodes.session.episode_plan import EpisodePlan
from irevla_nodes.session.phase import Phase


@dataclass(frozen=True)
class Snapshot:
    """The state machine at one moment."""

    phase: Phase
    plan: EpisodePlan | None
    episode_id: str  # "" while idle
    steps: int  # closed so far
    detail: str


@dataclass(frozen=True)
class ClosedEpisode:
    """A labelled episode that is safe in the store; ``label`` is "" when its only label was taken back."""

    episode_id: str
    task: str
    kind: str
    label: str
    steps: int
    terminated: bool
    weights_version: int
    relabel: bool


@dataclass(frozen=True)
class EpisodeEnd:
    """How the newest episode ended; ``label`` is "" when nothing of it was kept."""

    episode_id: str
    label: str
    detail: str
