"""Numbers over time in memory that does not grow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]


class Series:
    """Rows in the order they came; when it is full, every second one of the older half is dropped."""

    def __init__(self, columns: int, capacity: int = 480) -> None:
        self._rows: Rows = np.empty((capacity, columns))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, row: Sequence[float]) -> None:
        """Append a row, one number a column."""
        if self._count == len(self._rows):
            self._thin()
        self._rows[self._count] = row
        self._count += 1

    def rows(self) -> Rows:
        """Return a copy, shape (rows, columns)."""
        return self._rows[: self._count].copy()

    def _thin(self) -> None:
        half = self._count // 2
        kept = np.concatenate([self._rows[:half:2], self._rows[half : self._count]])
        self._count = len(kept)
        self._rows[: self._count] = kept
