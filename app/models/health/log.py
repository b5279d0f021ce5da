"""The newest lines of all nodes' logs, and those of them that the operator wants to see."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass

from irevla.app.graph.facts import LogLine
from irevla.app.models.health.remedies import Remedy, remedy_for

LINES_KEPT = 5000
LONGEST = 10_000  # characters of a line that are kept
INFO, WARN, ERROR = 20, 30, 40  # rcl_interfaces/Log
LEVELS = ((50, "fatal"), (ERROR, "error"), (WARN, "warning"), (INFO, "info"))


@dataclass(frozen=True)
class Entry:
    """One line; numbers count up, so a view sees which ones are new."""

    number: int
    level: int
    time: str
    node: str
    text: str

    @property
    def level_name(self) -> str:
        """The level in words."""
        return next((name for least, name in LEVELS if self.level >= least), "debug")

    @property
    def remedy(self) -> Remedy | None:
        """What a warning or an error means and what to do; None for an ordinary line, or where nobody knows."""
        return remedy_for(self.text) if self.level >= WARN else None

    def line(self) -> str:
        """Return the entry as it is copied."""
        return f"{self.time} {self.level_name:7} [{self.node}] {self.text}"


@dataclass(frozen=True)
class LogFilter:
    """Which lines to show; "" shows all nodes and all texts."""

    level: int = INFO
    node: str = ""
    text: str = ""

    def passes(self, entry: Entry) -> bool:
        """Return whether the entry is to be shown."""
        return (
            entry.level >= self.level
            and self.node in ("", entry.node)
            and self.text.casefold() in f"{entry.node} {entry.text}".casefold()
        )


@dataclass(frozen=True)
class LogState:
    """What the log view shows."""

    entries: tuple[Entry, ...]  # newest last
    nodes: tuple[str, ...]
    count: str = ""  # "120 of 4310 lines"


class Log:
    """Bounded; a line is filtered once when it comes, all of them when the filter changes."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=LINES_KEPT)
        self._shown: deque[Entry] = deque()
        self._nodes: tuple[str, ...] = ()
        self._filter = LogFilter()
        self._count = 0
        self._state: LogState | None = LogState((), ())

    def take(self, line: LogLine) -> None:
        """Note a line."""
        self._count += 1
        node = line.name.strip("/.").replace("/", ".").rpartition(".")[2] or "unknown"
        entry = Entry(self._count, line.level, clock_time(line.stamp_s), node, line.msg[:LONGEST])
        self._entries.append(entry)
        if node not in self._nodes:
            self._nodes = tuple(sorted({*self._nodes, node}))
        if self._filter.passes(entry):
            self._shown.append(entry)
        while self._shown and self._shown[0].number < self._entries[0].number:
            self._shown.popleft()
        self._state = None

    def choose(self, chosen: LogFilter) -> None:
        """Show other lines from now on."""
        self._filter = chosen
        self._shown = deque(entry for entry in self._entries if chosen.passes(entry))
        self._state = None

    def state(self) -> LogState:
        """Return what to show; the same object as long as nothing has changed."""
        if self._state is None:
            count = f"{len(self._shown)} of {len(self._entries)} lines"
            self._state = LogState(tuple(self._shown), self._nodes, count)
        return self._state


def clock_time(stamp_s: float) -> str:
    """Return the local time of day; a stamp that is no time is shown as dashes."""
    try:
        return time.strftime("%H:%M:%S", time.localtime(stamp_s))
    except (OverflowError, ValueError, OSError):
        return "--:--:--"
