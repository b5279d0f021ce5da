"""Where the bridge's thread leaves what it heard, and the window's thread takes it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from irevla.app.graph.bridge import no_wake
from irevla.app.graph.facts import Fact, Picture

CAPACITY = 5000  # facts; a window that stands still for a minute loses the oldest


class Inbox:
    """Thread-safe, bounded: of each camera only the newest picture is kept."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._lock = threading.Lock()
        self._facts: deque[Fact] = deque(maxlen=capacity)
        self._pictures: dict[str, Picture] = {}
        self._calls: list[Callable[[], None]] = []
        self.wake: Callable[[], None] = no_wake
        """Called, by the bridge's thread, when a call waits."""

    def put(self, *facts: Fact) -> None:
        """Leave facts."""
        with self._lock:
            for fact in facts:
                if isinstance(fact, Picture):
                    self._pictures[fact.camera] = fact
                else:
                    self._facts.append(fact)

    def put_call(self, call: Callable[[], None]) -> None:
        """Leave a call for the window's thread; none is ever dropped."""
        with self._lock:
            self._calls.append(call)
        self.wake()

    def take(self) -> tuple[list[Fact], list[Callable[[], None]]]:
        """Return everything since the last time, facts in the order they came, then the pictures."""
        with self._lock:
            facts: list[Fact] = [*self._facts, *self._pictures.values()]
            calls, self._calls = self._calls, []
            self._facts.clear()
            self._pictures.clear()
        return facts, calls
