"""Comparisons of two models: which episodes make the pairs. What came of them are the episodes' own labels."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from irevla.training.store.index.index import Index


@dataclass(frozen=True)
class Pair:
    """Two episodes of one task from one start, one of either model."""

    task: str
    seed: int
    old_episode: str
    new_episode: str


@dataclass(frozen=True)
class ComparisonRecord:
    """One comparison that ran to its end."""

    number: int  # grows by one with every comparison
    old_hash: str
    new_hash: str
    who: str
    pairs: tuple[Pair, ...]
    when_ns: int  # wall clock, ns since 1970


class Comparisons:
    """Reads and appends to the table of comparisons."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def add(self, old_hash: str, new_hash: str, who: str, pairs: Sequence[Pair]) -> None:
        """Append a comparison."""
        text = json.dumps([asdict(pair) for pair in pairs])
        with self._index.write() as connection:
            connection.execute(
                "INSERT INTO comparisons (old_hash, new_hash, who, pairs, when_ns) VALUES (?, ?, ?, ?, ?)",
                (old_hash, new_hash, who, text, time.time_ns()),
            )

    def records(self) -> list[ComparisonRecord]:
        """Return every comparison, oldest first."""
        with self._index.read() as connection:
            rows = connection.execute("SELECT * FROM comparisons ORDER BY number").fetchall()
        return [
            ComparisonRecord(**{**dict(row), "pairs": tuple(Pair(**pair) for pair in json.loads(row["pairs"]))})
            for row in rows
        ]
