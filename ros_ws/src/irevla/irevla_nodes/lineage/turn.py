"""One thing at a time, and what it is."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from irevla.config.errors import WrongStateError


class Turn:
    """A lock that nobody waits for: whoever comes second hears what goes on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._words = "something else is under way; try again in a moment"

    @property
    def is_taken(self) -> bool:
        """Whether something goes on."""
        return self._lock.locked()

    @contextmanager
    def take(self, words: str) -> Iterator[None]:
        """Hold the turn, or raise WrongStateError if it is taken; ``words`` say what goes on and what to do."""
        if not self._lock.acquire(blocking=False):
            raise WrongStateError(self._words)
        try:
            self._words = words
            yield
        finally:
            self._lock.release()
