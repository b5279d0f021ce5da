"""Which episodes a person wants to see."""

from __future__ import annotations

from dataclasses import dataclass

from irevla.app.graph.requests import ListEpisodes

KINDS = ("demo", "zero_shot", "rl", "eval")
LABELS = ("success", "failure", "discard", "unlabelled")
PAGE = 100
QUEUE_FROM = 0.5  # disagreement from which on a label is worth a second look


@dataclass(frozen=True)
class EpisodeFilter:
    """ "" is any. ``is_queue``: labels that the critic contradicts, worst first."""

    task: str = ""
    kind: str = ""
    label: str = ""
    model_hash: str = ""
    search: str = ""
    only_interventions: bool = False
    is_queue: bool = False

    def request(self, offset: int) -> ListEpisodes:
        """Return what to ask the store for."""
        return ListEpisodes(
            task=self.task,
            kind=self.kind,
            label=self.label,
            model_hash=self.model_hash,
            search=self.search.strip(),
            only_interventions=self.only_interventions,
            min_disagreement=QUEUE_FROM if self.is_queue else 0.0,
            order="disagreement" if self.is_queue else "",
            thumbnails=True,
            offset=offset,
            limit=PAGE,
        )

    def words(self) -> str:
        """Return the conditions in plain words, "" without one; the queue is none."""
        conditions = [
            f"task {self.task}" if self.task else "",
            f"kind {self.kind}" if self.kind else "",
            f"label {self.label}" if self.label else "",
            f"policy {self.model_hash[:6]}" if self.model_hash else "",
            "interventions" if self.only_interventions else "",
            f"“{self.search.strip()}”" if self.search.strip() else "",
        ]
        return ", ".join(condition for condition in conditions if condition)

    def cleared(self) -> EpisodeFilter:
        """Return the filter that lets every episode of the list or of the queue through."""
        return EpisodeFilter(is_queue=self.is_queue)
