"""How the newest RL episodes ended, and how much of them a person did."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """One labelled episode; ``steps`` were executed, ``by_person`` of them by a person."""

    is_success: bool
    by_person: int
    steps: int


class EpisodeWindow:
    """The newest ``size`` episodes that are a success or a failure."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._outcomes: dict[str, Outcome] = {}  # by id, oldest first

    @property
    def episodes(self) -> int:
        """How many there are."""
        return len(self._outcomes)

    @property
    def successes(self) -> int:
        """How many of them are successes."""
        return sum(outcome.is_success for outcome in self._outcomes.values())

    @property
    def intervention_rate(self) -> float:
        """Share of their steps that a person did."""
        steps = sum(outcome.steps for outcome in self._outcomes.values())
        return sum(outcome.by_person for outcome in self._outcomes.values()) / steps if steps else 0.0

    def add(self, episode_id: str, outcome: Outcome) -> None:
        """Take the newest episode in; the oldest one goes."""
        self._outcomes.pop(episode_id, None)
        self._outcomes[episode_id] = outcome
        while len(self._outcomes) > self._size:
            self._outcomes.pop(next(iter(self._outcomes)))

    def relabel(self, episode_id: str, label: str) -> None:
        """Give an episode another label, if it is one of these; one that is discarded goes."""
        known = self._outcomes.get(episode_id)
        if known is None:
            return
        if label in ("success", "failure"):
            self._outcomes[episode_id] = Outcome(label == "success", known.by_person, known.steps)
        else:
            del self._outcomes[episode_id]
