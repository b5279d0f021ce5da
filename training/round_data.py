"""The episodes a supervised round may learn from. Needs no torch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from irevla.config.errors import UserError
from irevla.training.store.episode_record import EpisodeRecord
from irevla.training.store.episode_store import EpisodeStore


def success_records(store: EpisodeStore, ids: Sequence[str]) -> Iterator[EpisodeRecord]:
    """Yield the record of each id; raises UserError for one that is not a success."""
    for episode_id in ids:
        record = store.record(episode_id)
        if record.label != "success":
            raise UserError(
                f"episode {episode_id} is {record.label or 'unlabelled'}; supervised rounds learn from successes only"
            )
        yield record
