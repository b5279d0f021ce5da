"""The running episode as curves over its steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from irevla.app.graph.facts import Command, EpisodeNow, Fact, PolicyStep, Source

MAX_STEPS = 10_000  # as long as session.max_steps may be: the strip's memory is bounded
USUAL_STEPS = 60  # the width before the first episode
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class StripCurves:
    """Everything by step; a new object whenever something is new."""

    steps: Floats  # (T,)
    q: Floats  # (T,) in [0, 1], NaN without a critic
    surprise: Floats  # (T,) -log pi(a|s) [nat]
    person: Floats  # steps at which a person had taken over
    limited: Floats  # steps whose command a limit had changed


@dataclass(frozen=True)
class StripState:
    """What the strip shows."""

    curves: StripCurves
    max_steps: int
    empty: str  # what to do while there is nothing to show


class EpisodeStrip:
    """Begins anew with each episode; what belongs to another one is dropped."""

    def __init__(self) -> None:
        self._episode_id, self._mode, self._max_steps = "", "", USUAL_STEPS
        self._policy: dict[int, tuple[float, float]] = {}
        self._person: set[int] = set()
        self._limited: set[int] = set()
        self._curves: StripCurves | None = None

    def take(self, fact: Fact) -> None:
        """Note a fact of the running episode."""
        match fact:
            case EpisodeNow():
                if fact.episode_id and fact.episode_id != self._episode_id:
                    self._clear()
                    self._episode_id, self._mode, self._max_steps = fact.episode_id, fact.mode, fact.max_steps
            case PolicyStep() if self._has(fact.episode_id, fact.step):
                self._policy[fact.step] = (fact.q_value, -fact.log_prob)
                self._curves = None
            case Command() if self._has(fact.episode_id, fact.step):
                if fact.source == Source.TELEOP and self._mode != "teleop":
                    self._person.add(fact.step)
                if fact.limited:
                    self._limited.add(fact.step)
                self._curves = None
            case _:
                pass

    def state(self) -> StripState:
        """Return what to show now."""
        curves = self._curves
        if curves is None:
            rows = np.array([(step, *self._policy[step]) for step in sorted(self._policy)], float).reshape(-1, 3)
            rows[~np.isfinite(rows)] = np.nan
            curves = self._curves = StripCurves(
                rows[:, 0],
                rows[:, 1],
                rows[:, 2],
                np.array(sorted(self._person), float),
                np.array(sorted(self._limited), float),
            )
        return StripState(curves, max(1, self._max_steps), self._empty())

    def _empty(self) -> str:
        if self._policy:
            return ""
        if self._mode and self._mode != "policy":
            return f"no policy acts here: {self._mode}"
        return "waits for the policy's first step"

    def _has(self, episode_id: str, step: int) -> bool:
        return episode_id == self._episode_id and step < MAX_STEPS

    def _clear(self) -> None:
        self._policy.clear()
        self._person.clear()
        self._limited.clear()
        self._curves = None
