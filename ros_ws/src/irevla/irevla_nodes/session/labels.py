"""The labels of this session: written to the store, remembered for an undo, kept until somebody announces them."""

from __future__ import annotations

from typing import get_args

from irevla.config.errors import UnknownNameError, WrongStateError
from irevla.training.store.episode import Label
from irevla.training.store.episode_record import EpisodeRecord
from irevla_nodes.session.recording import Store
from irevla_nodes.session.snapshot import ClosedEpisode

UNDO = "undo"


class Labels:
    """Every change is in the store when its method returns; errors as the store's."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._closed: list[ClosedEpisode] = []
        self._newest = ""  # the episode whose label changed last

    def give(self, episode_id: str, label: str, who: str, delay_s: float | None) -> ClosedEpisode:
        """Label or relabel an episode; ``delay_s``: since its end, None where that was not measured."""
        before = self._store.record(episode_id)
        return self._keep(self._store.label(episode_id, label, who, delay_s), is_relabel=before.change > 0)

    def take_back(self, episode_id: str, who: str) -> ClosedEpisode:
        """Bring back the label before the newest one, of the episode labelled last if ``episode_id`` is empty."""
        if not (episode_id or self._newest):
            raise WrongStateError("undo: no episode was labelled since the session began; name one by its id")
        return self._keep(self._store.undo_label(episode_id or self._newest, who), is_relabel=True)

    def take_closed(self) -> list[ClosedEpisode]:
        """Return the changes since the last call."""
        closed, self._closed = self._closed, []
        return closed

    def _keep(self, record: EpisodeRecord, *, is_relabel: bool) -> ClosedEpisode:
        closed = ClosedEpisode(
            episode_id=record.episode_id,
            task=record.meta.task,
            kind=record.meta.kind,
            label=record.label,
            steps=record.steps,
            terminated=record.terminated or record.label == "success",
            weights_version=record.meta.weights_version,
            relabel=is_relabel,
        )
        self._closed.append(closed)
        self._newest = closed.episode_id
        return closed


def check_label(label: str) -> None:
    """Raise UnknownNameError for what is neither a label nor an undo."""
    if label not in (*get_args(Label), UNDO):
        raise UnknownNameError("label", label, (*get_args(Label), UNDO))
