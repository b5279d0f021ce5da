"""What a list shows of an episode's file, read once and kept in the index."""

from __future__ import annotations

import math
import sqlite3
from dataclasses import dataclass

from irevla.training.store.episode_file import EpisodeFile
from irevla.training.store.episode_record import EpisodeRecord
from irevla.training.store.index.episode_index import RECORDS, EpisodeIndex
from irevla.training.store.index.episode_query import EpisodeQuery
from irevla.training.store.index.index import Index
from irevla.training.store.jpeg import jpeg

THUMBNAIL_PX = 96
# A summary of another file than the index's is none. The critic is wrong by this much if the label is right.
FOUND = f"""
FROM (
    SELECT found.*, intervention_steps, q_last, has_images, thumbnail,
        CASE WHEN label IN ('success', 'failure') THEN abs((label = 'success') - q_last) END AS disagreement
    FROM ({RECORDS}) AS found
    LEFT JOIN summaries ON summaries.episode_id = found.episode_id AND summaries.sha256 = found.sha256
) AS found
"""


@dataclass(frozen=True)
class EpisodeSummary:
    """A few numbers and a picture of one episode's steps."""

    intervention_steps: int
    q_last: float  # the critic's estimate at the last step; NaN without one
    has_images: bool
    thumbnail: bytes = b""  # JPEG of the last step, first camera; empty without pictures, or when not asked for

    def disagreement(self, label: str) -> float:
        """Return how far the critic is from the label; NaN when either is missing."""
        return abs((label == "success") - self.q_last) if label in ("success", "failure") else math.nan

    @classmethod
    def of(cls, file: EpisodeFile) -> EpisodeSummary:
        """Read the steps of a whole file."""
        decoder = file.decoder()
        steps = decoder.steps(images=False)
        last = slice(len(steps) - 1, len(steps)) if steps else slice(0)
        views = [image for camera in file.cameras[:1] for _, image in decoder.pictures(camera, last)]
        return cls(
            intervention_steps=sum(bool(step.intervention) for step in steps),
            q_last=float(steps[-1].q_value) if steps else math.nan,
            has_images=bool(file.cameras),
            thumbnail=jpeg(views[0], width_px=THUMBNAIL_PX) if views else b"",
        )


@dataclass(frozen=True)
class EpisodePage:
    """Some of the episodes that match a query."""

    total: int  # that match
    episodes: tuple[tuple[EpisodeRecord, EpisodeSummary | None], ...]  # None: its file was not read yet


class Summaries:
    """Reads and writes the table of summaries."""

    def __init__(self, index: Index, episodes: EpisodeIndex) -> None:
        self._index = index
        self._episodes = episodes

    def keep(self, record: EpisodeRecord, summary: EpisodeSummary) -> None:
        """Keep the summary of the file that ``record`` names, in place of an older one."""
        q_last = None if math.isnan(summary.q_last) else summary.q_last
        values = (summary.intervention_steps, q_last, summary.has_images, summary.thumbnail)
        with self._index.write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO summaries "
                "(episode_id, sha256, intervention_steps, q_last, has_images, thumbnail) VALUES (?, ?, ?, ?, ?, ?)",
                (record.episode_id, record.sha256, *values),
            )

    def find(self, record: EpisodeRecord) -> EpisodeSummary | None:
        """Return the summary of the file that ``record`` names."""
        ask = "SELECT * FROM summaries WHERE episode_id = ? AND sha256 = ?"
        with self._index.read() as connection:
            row = connection.execute(ask, (record.episode_id, record.sha256)).fetchone()
        return None if row is None else _summary(row, thumbnails=True)

    def page(self, query: EpisodeQuery, *, thumbnails: bool) -> EpisodePage:
        """Return what matches, as far as its summaries are there."""
        with self._index.read() as connection:
            total = connection.execute(f"SELECT count(*) {FOUND} WHERE {query.terms}", query.values).fetchone()[0]
            rows = connection.execute(
                f"SELECT * {FOUND} WHERE {query.terms} ORDER BY {query.ordering} LIMIT :limit OFFSET :offset",
                query.values,
            ).fetchall()
        episodes = [(self._episodes.read_row(row), _summary(row, thumbnails=thumbnails)) for row in rows]
        return EpisodePage(total, tuple(episodes))

    def missing(self, query: EpisodeQuery) -> list[EpisodeRecord]:
        """Return the finished episodes without a summary that may match, newest first."""
        lacking = "found.state IN ('closed', 'aborted') AND has_images IS NULL"
        ask = f"SELECT * {FOUND} WHERE {query.index_terms} AND {lacking} ORDER BY found.created_ns DESC"
        with self._index.read() as connection:
            return [self._episodes.read_row(row) for row in connection.execute(ask, query.values)]


def _summary(row: sqlite3.Row, *, thumbnails: bool) -> EpisodeSummary | None:
    if row["has_images"] is None:
        return None
    q_last = math.nan if row["q_last"] is None else row["q_last"]
    thumbnail = bytes(row["thumbnail"]) if thumbnails else b""
    return EpisodeSummary(row["intervention_steps"], q_last, bool(row["has_images"]), thumbnail)
