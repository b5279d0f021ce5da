"""The shift on the disk: a file a day, a line an event, so that a window opened again goes on with the same shift."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from os import SEEK_END
from pathlib import Path
from typing import BinaryIO

from irevla.app.models.shift.event import ShiftEvent, from_line, to_line
from irevla.config.errors import StoreError

LINES_READ = 200_000
LONGEST_LINE = 10_000
NEAR = timedelta(hours=36)  # of the day's noon: an event further off is damage, not another time zone


class ShiftLog:
    """Files `shift-<day>.jsonl` in a folder, appended to and never rewritten. Each line is flushed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, day: date) -> Path:
        """Return the day's file."""
        return self._folder / f"shift-{day.isoformat()}.jsonl"

    def read(self, day: date) -> tuple[list[ShiftEvent], int]:
        """Return the day's events and how many lines could not be read; raises StoreError where the disk fails."""
        path = self.path(day)
        try:
            with path.open("r", encoding="utf-8", errors="replace") as file:
                return _events(file, day)
        except FileNotFoundError:
            return [], 0
        except OSError as error:
            raise StoreError(f"{path}: the shift cannot be read: {error}; it begins anew") from None

    def append(self, event: ShiftEvent) -> None:
        """Write an event to its day's file; raises StoreError where that is not possible."""
        path = self.path(date.fromtimestamp(event.stamp_s))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a+b") as file:
                begin = b"" if _ends_well(file) else b"\n"
                file.write(begin + to_line(event).encode("utf-8", "replace"))
        except OSError as error:
            raise StoreError(
                f"{path}: the shift cannot be written: {error}; it is kept in the window only, free the disk or "
                "choose another session.store"
            ) from None


def _events(lines: Iterable[str], day: date) -> tuple[list[ShiftEvent], int]:
    noon = datetime.combine(day, time(12))
    events: list[ShiftEvent] = []
    damaged = 0
    for number, line in enumerate(lines):
        if number >= LINES_READ:
            break
        if not line.strip():
            continue
        event = from_line(line) if len(line) <= LONGEST_LINE else None
        if event is None or abs(datetime.fromtimestamp(event.stamp_s) - noon) > NEAR:
            damaged += 1
        else:
            events.append(event)
    return events, damaged


def _ends_well(file: BinaryIO) -> bool:
    """Return whether the next line may follow at once: a process may have died in the middle of the last one."""
    if file.seek(0, SEEK_END) == 0:
        return True
    file.seek(-1, SEEK_END)
    return file.read(1) == b"\n"
