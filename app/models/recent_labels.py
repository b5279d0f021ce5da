"""The newest labels of each task, from which the success rate is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from irevla.app.graph.facts import EpisodeClosed
from irevla.app.graph.records import EpisodeInfo
from irevla.app.models.success_band import SuccessBand

JUDGED = ("success", "failure")
DEMO = "demo"  # a person's demonstration says nothing of the policy
KEPT = 4  # times the window: discarded episodes may be labelled otherwise later


@dataclass(frozen=True)
class SuccessState:
    """The rate of the task at hand."""

    band: SuccessBand


class RecentLabels:
    """Memory is bounded; a relabel changes an episode where it stands."""

    def __init__(self, window: int) -> None:
        self._window = window
        self._tasks: dict[str, dict[str, str]] = {}  # task -> episode -> label, oldest first

    def take(self, closed: EpisodeClosed) -> None:
        """Note a label as it is given, changed or taken back."""
        labels = self._tasks.setdefault(closed.task, {})
        if closed.kind == DEMO or (closed.relabel and closed.episode_id not in labels):
            return
        labels[closed.episode_id] = closed.label
        while len(labels) > KEPT * self._window:
            del labels[next(iter(labels))]

    def add_older(self, task: str, episodes: Sequence[EpisodeInfo]) -> None:
        """Add what the store had before, newest first as it lists them."""
        labels = self._tasks.setdefault(task, {})
        older = {info.episode_id: info.label for info in reversed(episodes) if info.kind != DEMO}
        self._tasks[task] = {**older, **labels}

    def state(self, task: str) -> SuccessState:
        """Return the rate over the task's last judged episodes, at most as many as the window."""
        judged = [label for label in self._tasks.get(task, {}).values() if label in JUDGED][-self._window :]
        return SuccessState(SuccessBand(judged.count("success"), len(judged)))
