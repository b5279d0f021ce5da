"""How the episodes of a row are labelled by now."""

from __future__ import annotations

from collections import Counter
from typing import Literal, get_args

from irevla.app.graph.facts import EpisodeClosed

Label = Literal["success", "failure", "discard"]
LABELS: tuple[Label, ...] = get_args(Label)


class Labels:
    """Counts by task; a relabel moves its episode, an undo takes it out."""

    def __init__(self) -> None:
        self._labels: dict[str, tuple[str, str]] = {}  # episode: task, label

    def take(self, closed: EpisodeClosed) -> None:
        """Note a label; "" when it was taken back."""
        self._labels.pop(closed.episode_id, None)
        if closed.label:
            self._labels[closed.episode_id] = (closed.task, closed.label)

    def count(self, task: str, label: Label) -> int:
        """Return how many episodes of the task have the label now."""
        return Counter(self._labels.values())[task, label]

    @property
    def last(self) -> str:
        """The episode that was labelled last, "" before the first."""
        return next(reversed(self._labels), "")
