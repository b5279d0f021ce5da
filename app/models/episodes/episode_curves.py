"""What is drawn over an episode's steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from irevla.app.graph.facts import Source
from irevla.app.graph.records import EpisodeDetail, Floats

COMPONENTS = ("x", "y", "z", "rx", "ry", "rz", "grip")
ACTORS = {
    Source.HOLD: "nobody",
    Source.POLICY: "policy",
    Source.TELEOP: "person",
    Source.RESET: "reset",
    Source.EXPERT: "expert",
}


@dataclass(frozen=True)
class Span:
    """Rows ``first`` to ``last``, both included, in which one source acted."""

    first: int
    last: int
    actor: str  # a value of ACTORS
    is_intervention: bool


@dataclass(frozen=True, eq=False)
class EpisodeCurves:
    """T steps; compared by identity, for a new episode is a new object."""

    actions: Floats  # (T, 7)
    q_values: Floats  # (T,); NaN without a critic
    limited_rows: NDArray[np.int64]  # (n,): where the arbiter's limits changed the proposal
    spans: tuple[Span, ...]

    @property
    def has_critic(self) -> bool:
        """Whether there is any estimate to draw."""
        return bool(np.isfinite(self.q_values).any())


def episode_curves(detail: EpisodeDetail) -> EpisodeCurves:
    """Return what to draw of an episode."""
    return EpisodeCurves(detail.actions, detail.q_values, np.flatnonzero(detail.limited), _spans(detail))


def actor(source: int) -> str:
    """Return who acted, in a word."""
    return ACTORS[Source(source)] if source in set(Source) else f"source {source}"


def _spans(detail: EpisodeDetail) -> tuple[Span, ...]:
    spans: list[Span] = []
    for row, (source, helped) in enumerate(zip(detail.sources, detail.interventions, strict=True)):
        who, is_intervention = actor(int(source)), bool(helped)
        if spans and (spans[-1].actor, spans[-1].is_intervention) == (who, is_intervention):
            spans[-1] = Span(spans[-1].first, row, who, is_intervention)
        else:
            spans.append(Span(row, row, who, is_intervention))
    return tuple(spans)
