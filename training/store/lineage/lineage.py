"""Which model came from which parent and data: rounds and models in the index."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from irevla.config.errors import WrongStateError
from irevla.training.store.index.episode_index import EpisodeIndex
from irevla.training.store.index.index import Index

Number = float | int
Evaluation = Mapping[str, Mapping[str, Number]]  # task -> SuccessRate.as_dict()


@dataclass(frozen=True)
class ModelRecord:
    """One checkpoint and where it came from."""

    number: int  # grows by one with every model of the store
    path: str
    model_hash: str
    parent_hash: str  # "" for a fresh model
    stage: int  # 0, 1 or 2
    data_hash: str
    evaluation: Evaluation
    added_ns: int


@dataclass(frozen=True)
class RoundRecord:
    """One supervised round and the episodes it learnt from."""

    round_id: str
    stage: int
    parent_hash: str
    data_hash: str
    expert: tuple[str, ...]
    online: tuple[str, ...]
    started_ns: int


class Lineage:
    """Reads and writes the tables of rounds and models."""

    def __init__(self, index: Index, episodes: EpisodeIndex) -> None:
        self._index = index
        self._episodes = episodes

    def data_hash(self, ids: Iterable[str]) -> str:
        """Return one sha256 over the files and labels of episodes, whatever their order."""
        wanted = set(ids)
        known = {record.episode_id: record for record in self._episodes.records()}
        for missing in wanted - known.keys():
            self._episodes.record(missing)  # raises UnknownNameError
        lines = [f"{name} {known[name].sha256} {known[name].label}\n" for name in sorted(wanted)]
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def add_round(
        self, round_id: str, *, stage: int, parent_hash: str, expert: Sequence[str], online: Sequence[str]
    ) -> RoundRecord:
        """Record a round; the same id with the same data is a resumed round, with other data a WrongStateError."""
        data_hash = self.data_hash([*expert, *online])
        episodes = json.dumps({"expert": list(expert), "online": list(online)})
        with self._index.write() as connection:
            row = connection.execute("SELECT * FROM rounds WHERE round_id = ?", (round_id,)).fetchone()
            if row is None:
                connection.execute(
                    "INSERT INTO rounds VALUES (?, ?, ?, ?, ?, ?)",
                    (round_id, stage, parent_hash, data_hash, episodes, time.time_ns()),
                )
            elif (row["stage"], row["parent_hash"], row["data_hash"]) != (stage, parent_hash, data_hash):
                raise WrongStateError(
                    f"round {round_id} exists with another stage, parent or data (labels count as data); "
                    "use a new round id"
                )
        return next(found for found in self.rounds() if found.round_id == round_id)

    def rounds(self) -> list[RoundRecord]:
        """Return every round, oldest first."""
        with self._index.read() as connection:
            rows = connection.execute("SELECT * FROM rounds ORDER BY started_ns, round_id").fetchall()
        records = []
        for row in rows:
            episodes = json.loads(row["episodes"])
            values = {name: row[name] for name in ("round_id", "stage", "parent_hash", "data_hash", "started_ns")}
            records.append(RoundRecord(expert=tuple(episodes["expert"]), online=tuple(episodes["online"]), **values))
        return records

    def add_model(
        self, path: str, model_hash: str, parent_hash: str, stage: int, data_hash: str, evaluation: Evaluation
    ) -> ModelRecord:
        """Record a checkpoint; an evaluation that comes later is a new entry of the same hash."""
        with self._index.write() as connection:
            connection.execute(
                "INSERT INTO models (path, model_hash, parent_hash, stage, data_hash, evaluation, added_ns) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (path, model_hash, parent_hash, stage, data_hash, json.dumps(evaluation), time.time_ns()),
            )
            row = connection.execute("SELECT * FROM models WHERE number = last_insert_rowid()").fetchone()
        return ModelRecord(**{**dict(row), "evaluation": json.loads(row["evaluation"])})

    def models(self) -> list[ModelRecord]:
        """Return every model, oldest first."""
        with self._index.read() as connection:
            rows = connection.execute("SELECT * FROM models ORDER BY number").fetchall()
        return [ModelRecord(**{**dict(row), "evaluation": json.loads(row["evaluation"])}) for row in rows]
