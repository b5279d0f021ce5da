"""Episodes and their labels in the index."""

from __future__ import annotations

import json
import sqlite3
import time
from difflib import get_close_matches
from pathlib import Path
from typing import get_args

from irevla.config.errors import UnknownNameError, UserError, WrongStateError
from irevla.training.store.episode import UNLABELLED, EpisodeMeta, Label
from irevla.training.store.episode_file import SUFFIX, Closing
from irevla.training.store.episode_record import EpisodeRecord, LabelChange
from irevla.training.store.index.index import Index

# The label is the newest entry of the log, so it can never differ from the log.
RECORDS = """
SELECT episodes.*, coalesce(newest.new, '') AS label, coalesce(newest.change, 0) AS change,
    CASE WHEN newest.new <> '' THEN newest.who ELSE '' END AS label_by,
    (SELECT delay_s FROM labels AS first WHERE first.episode_id = episodes.episode_id ORDER BY change LIMIT 1)
        AS label_delay_s
FROM episodes LEFT JOIN labels AS newest ON newest.change =
    (SELECT max(change) FROM labels WHERE labels.episode_id = episodes.episode_id)
"""
COLUMNS = """(episode_id, task, kind, model_hash, created_ns, meta, state) VALUES (?, ?, ?, ?, ?, ?, 'open')"""


class EpisodeIndex:
    """Reads and writes the tables of episodes and labels."""

    def __init__(self, index: Index, folder: Path) -> None:
        self._index = index
        self._folder = folder

    def add(self, meta: EpisodeMeta) -> None:
        """Insert an open episode; raises WrongStateError if its id is taken."""
        with self._index.write() as connection:
            try:
                connection.execute(f"INSERT INTO episodes {COLUMNS}", _row(meta))
            except sqlite3.IntegrityError:
                raise WrongStateError(f"episode {meta.episode_id} is in the store already; use a new id") from None

    def put(self, meta: EpisodeMeta) -> None:
        """Insert an episode or correct what the index says it is."""
        update = "task = excluded.task, kind = excluded.kind, model_hash = excluded.model_hash, "
        update += "created_ns = excluded.created_ns, meta = excluded.meta"
        with self._index.write() as connection:
            connection.execute(
                f"INSERT INTO episodes {COLUMNS} ON CONFLICT (episode_id) DO UPDATE SET {update}", _row(meta)
            )

    def set_closing(self, episode_id: str, closing: Closing, *, steps: int, sha256: str) -> None:
        """Write how an episode ended and what its file holds."""
        values = {**vars(closing), "steps": steps, "sha256": sha256, "episode_id": episode_id}
        with self._index.write() as connection:
            connection.execute(
                "UPDATE episodes SET state = :state, steps = :steps, terminated = :terminated, "
                "truncated = :truncated, reason = :reason, reset_s = :reset_s, run_s = :run_s, sha256 = :sha256 "
                "WHERE episode_id = :episode_id",
                values,
            )

    def set_damaged(self, episode_id: str, reason: str) -> None:
        """Take an episode out of every training set because of what happened to its file."""
        with self._index.write() as connection:
            connection.execute(
                "UPDATE episodes SET state = 'damaged', reason = ? WHERE episode_id = ?", (reason, episode_id)
            )

    def set_label(self, episode_id: str, label: str, who: str, delay_s: float | None = None) -> EpisodeRecord:
        """Append to the label log unless the label is that already; only a first label keeps its ``delay_s``."""
        if label not in (*get_args(Label), UNLABELLED):
            raise UnknownNameError("label", str(label), get_args(Label))
        if not 0 < len(who.strip()) <= 128:
            raise UserError(f"who labels: expected a name of 1 to 128 characters, or 'auto', got {who[:80]!r}")
        with self._index.write() as connection:
            record = self._find(connection, episode_id)
            if record.state != "closed":
                why = f" ({record.reason})" if record.reason else ""
                raise WrongStateError(
                    f"episode {episode_id} is {record.state}{why}; only a closed episode takes a label"
                )
            if record.label != label:
                connection.execute(
                    "INSERT INTO labels (episode_id, old, new, who, when_ns, delay_s) VALUES (?, ?, ?, ?, ?, ?)",
                    (episode_id, record.label, label, who.strip(), time.time_ns(), None if record.change else delay_s),
                )
            return self._find(connection, episode_id)

    def records(self, **equal: str | None) -> list[EpisodeRecord]:
        """Return the episodes with these values of task, kind, model_hash and label, oldest first.

        A given ``label`` ("" for not yet labelled) leaves out every episode that is not closed.
        """
        given = {name: value for name, value in equal.items() if value is not None}
        terms = [f"{_column(name)} = :{name}" for name in given]
        if "label" in given:
            terms.append("state = 'closed'")
        where = f"WHERE {' AND '.join(terms)} " if terms else ""
        with self._index.read() as connection:
            rows = connection.execute(f"{RECORDS} {where} ORDER BY created_ns, episodes.episode_id", given).fetchall()
        return [self.read_row(row) for row in rows]

    def record(self, episode_id: str) -> EpisodeRecord:
        """Return one episode; raises UnknownNameError that lists the closest ids."""
        with self._index.read() as connection:
            return self._find(connection, episode_id)

    def history(self, episode_id: str) -> list[LabelChange]:
        """Return the label log of an episode, oldest first."""
        with self._index.read() as connection:
            self._find(connection, episode_id)
            rows = connection.execute("SELECT * FROM labels WHERE episode_id = ? ORDER BY change", (episode_id,))
            return [LabelChange(**dict(row)) for row in rows]

    def changes_since(self, change: int) -> list[tuple[int, str, str]]:
        """Return (change, episode_id, new label) of all that came after ``change``, oldest first."""
        query = "SELECT change, episode_id, new FROM labels WHERE change > ? ORDER BY change"
        with self._index.read() as connection:
            return [(row["change"], row["episode_id"], row["new"]) for row in connection.execute(query, (change,))]

    def _find(self, connection: sqlite3.Connection, episode_id: str) -> EpisodeRecord:
        row = connection.execute(f"{RECORDS} WHERE episodes.episode_id = ?", (episode_id,)).fetchone()
        if row is None:
            ids = [known["episode_id"] for known in connection.execute("SELECT episode_id FROM episodes")]
            raise UnknownNameError("episode", episode_id, get_close_matches(episode_id, ids, n=5, cutoff=0.0))
        return self.read_row(row)

    def read_row(self, row: sqlite3.Row) -> EpisodeRecord:
        """Return the episode that a row of RECORDS describes."""
        return EpisodeRecord(
            meta=EpisodeMeta.from_strings(json.loads(row["meta"])),
            state=row["state"],
            label=row["label"],
            steps=row["steps"],
            terminated=bool(row["terminated"]) or row["label"] == "success",
            truncated=bool(row["truncated"]) and row["label"] != "success",
            reason=row["reason"],
            change=row["change"],
            sha256=row["sha256"],
            path=self._folder / f"{row['episode_id']}{SUFFIX}",
            label_by=row["label_by"],
            label_delay_s=row["label_delay_s"],
            reset_s=row["reset_s"],
            run_s=row["run_s"],
        )


def _row(meta: EpisodeMeta) -> tuple[str | int, ...]:
    return (
        meta.episode_id,
        meta.task,
        meta.kind,
        meta.model_hash,
        meta.created_ns,
        json.dumps(meta.as_strings()),
    )


def _column(name: str) -> str:
    return "coalesce(newest.new, '')" if name == "label" else f"episodes.{name}"
