"""The shift page: writes down what happens, adds it up, exports it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Protocol

from irevla.app.controllers.desk import Desk
from irevla.app.controllers.page import Shown
from irevla.app.graph.facts import Arbiter, Beat, Command, EpisodeClosed, EpisodeNow, Fact
from irevla.app.models.health.health import silent_nodes
from irevla.app.models.shift.event import ShiftEvent
from irevla.app.models.shift.export import export
from irevla.app.models.shift.page_state import shift_state
from irevla.app.models.shift.record import ShiftRecord
from irevla.app.models.shift.report import shift_report
from irevla.app.models.shift.shift import Shift
from irevla.app.models.shift.shift_log import ShiftLog
from irevla.config.errors import IrevlaError, StoreError

PERIOD_S = 1.0


class ShiftView(Protocol):
    """What the controller needs of the view; each ``set_`` is a field of ShiftState."""

    def on_export(self, call: Callable[[Path], None]) -> None:
        """Have ``call`` called with the file that the person wants the shift in."""


class ShiftController:
    """One shift a day. A window that is opened again reads what the one before has written, and goes on."""

    def __init__(
        self, desk: Desk, view: ShiftView, folder: Path | None, *, wall_clock: Callable[[], float] = time.time
    ) -> None:
        """``folder`` has the shifts' files; None keeps the shift in the window only."""
        self._desk, self._shown, self._wall_clock = desk, Shown(view), wall_clock
        self._log = None if folder is None else ShiftLog(folder)
        self._silent: tuple[str, ...] = ()
        self._trouble = ""
        self._shown_s = float("-inf")
        self._begin(date.fromtimestamp(wall_clock()))
        view.on_export(self.export)

    def take(self, fact: Fact) -> None:
        """See Page."""
        if not isinstance(fact, EpisodeNow | EpisodeClosed | Arbiter | Command | Beat):
            return
        if isinstance(fact, Beat):
            self._silent = silent_nodes(self._desk.rig, self._desk.settings, fact.received_s)
        stamp_s = self._wall_clock()
        day = date.fromtimestamp(stamp_s)
        if day > self._day:
            self._begin(day)
        for event in self._shift.take(fact, self._silent, stamp_s):
            self._note(event)

    def show(self, now_s: float) -> None:
        """See Page; adds up once a second."""
        if now_s - self._shown_s >= PERIOD_S:
            self._shown_s = now_s
            self._shown.show(shift_state(shift_report(self._record, self._wall_clock()), self._trouble))

    def opened(self) -> None:
        """See Page."""
        self._shown_s = float("-inf")

    def export(self, path: Path) -> None:
        """Write the shift to a file; its suffix says in which form."""
        try:
            files = export(self._record, self._wall_clock(), path, self._desk.operator)
        except IrevlaError as error:
            self._desk.tell("bad", str(error))
        else:
            self._desk.tell("good", f"the shift is in {' and '.join(str(file) for file in files)}")

    def _begin(self, day: date) -> None:
        """Begin the day's shift, or go on with it."""
        self._day, self._shift, self._record = day, Shift(), ShiftRecord()
        if self._log is not None:
            try:
                events, damaged = self._log.read(day)
            except StoreError as error:
                self._trouble = str(error)
            else:
                for event in events:
                    self._record.take(event)
                lines = "line" if damaged == 1 else "lines"
                self._trouble = f"{damaged} {lines} of {self._log.path(day)} could not be read" if damaged else ""
        self._note(ShiftEvent(stamp_s=self._wall_clock(), kind="opened"))

    def _note(self, event: ShiftEvent) -> None:
        self._record.take(event)
        if self._log is not None:
            try:
                self._log.append(event)
            except StoreError as error:
                self._trouble = str(error)
