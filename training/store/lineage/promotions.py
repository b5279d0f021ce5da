"""The append-only log of which model the rig is meant to use."""

from __future__ import annotations

import time
from dataclasses import dataclass

from irevla.training.store.index.index import Index


@dataclass(frozen=True)
class PromotionRecord:
    """One entry of the log."""

    number: int  # grows by one with every entry
    model_hash: str
    previous_hash: str  # the model used before; "" for the first
    who: str
    why: str
    is_rollback: bool
    when_ns: int  # wall clock, ns since 1970


class Promotions:
    """Reads and appends to the table of promotions."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def add(self, model_hash: str, who: str, why: str, *, is_rollback: bool = False) -> PromotionRecord:
        """Append that ``model_hash`` is used from now on; on the disk when this returns."""
        with self._index.write() as connection:
            connection.execute(
                "INSERT INTO promotions (model_hash, previous_hash, who, why, is_rollback, when_ns) VALUES "
                "(?, coalesce((SELECT model_hash FROM promotions ORDER BY number DESC LIMIT 1), ''), ?, ?, ?, ?)",
                (model_hash, who, why, is_rollback, time.time_ns()),
            )
        return self.records()[-1]

    def records(self) -> list[PromotionRecord]:
        """Return the whole log, oldest first."""
        with self._index.read() as connection:
            rows = connection.execute("SELECT * FROM promotions ORDER BY number").fetchall()
        return [PromotionRecord(**{**dict(row), "is_rollback": bool(row["is_rollback"])}) for row in rows]

    def line(self) -> list[str]:
        """Return the hashes from the first model to the present one; a roll-back took the newest off again."""
        line: list[str] = []
        for entry in self.records():
            if entry.is_rollback:
                line.pop()
            else:
                line.append(entry.model_hash)
        return line
