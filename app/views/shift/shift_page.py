"""The shift page: the day in numbers, as a bar, and by task and cause."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from irevla.app.models.shift.page_state import Table, Tile, Timeline
from irevla.app.views.rows_model import RowsModel, make_table
from irevla.app.views.shift.shift_timeline import ShiftTimeline
from irevla.app.views.theme import Theme
from irevla.app.views.words import Words

KINDS = "Report to read (*.html);;Tables for a spreadsheet (*.csv)"
EXPORT_KEY = "Ctrl+E"


class ShiftPage(QWidget):
    """Shows ShiftState; `export_requested` says in which file the person wants it."""

    export_requested = pyqtSignal(object)  # Path

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shift")
        self.title, self.trouble = Words("title"), Words()
        self.export = QPushButton(f"Export…   {EXPORT_KEY}")
        self.export.setShortcut(QKeySequence(EXPORT_KEY))
        self.export.setToolTip(f"Write the shift as an HTML page or as CSV tables ({EXPORT_KEY})")
        self.export.clicked.connect(self._choose)
        self.tiles: list[TileView] = []
        self._row = QHBoxLayout()
        self.timeline = ShiftTimeline(theme)
        self.tasks, self.labels, self.down = TableView(), TableView(), TableView()
        head = QHBoxLayout()
        head.addWidget(self.title, stretch=1)
        head.addWidget(self.export)
        top = QFrame()
        top.setProperty("role", "card")
        inside = QVBoxLayout(top)
        inside.addLayout(head)
        inside.addWidget(self.trouble)
        inside.addLayout(self._row)
        inside.addWidget(self.timeline)
        below = QGridLayout()
        below.addWidget(self.tasks, 0, 0, 2, 1)
        below.addWidget(self.labels, 0, 1)
        below.addWidget(self.down, 1, 1)
        below.setRowStretch(0, 2)
        below.setRowStretch(1, 3)
        below.setColumnStretch(0, 5)
        below.setColumnStretch(1, 3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(top)
        layout.addLayout(below, stretch=1)
        self.trouble.say("")

    def on_export(self, call: Callable[[Path], None]) -> None:
        """See ShiftView."""
        self.export_requested.connect(call)

    def set_title(self, words: str) -> None:
        """Show which shift it is."""
        self.title.say(words)

    def set_trouble(self, words: str) -> None:
        """Show why the shift's file is not whole."""
        self.trouble.say(words, "warn" if words else "")

    def set_tiles(self, tiles: Sequence[Tile]) -> None:
        """Show the numbers that count."""
        while len(self.tiles) < len(tiles):
            view = TileView()
            self.tiles.append(view)
            self._row.addWidget(view, stretch=1)
        for view, tile in zip(self.tiles, tiles, strict=True):
            view.set_tile(tile)

    def set_timeline(self, timeline: Timeline) -> None:
        """Show the whole shift as a bar."""
        self.timeline.set_timeline(timeline)

    def set_tasks(self, table: Table) -> None:
        """Show the tasks."""
        self.tasks.set_table(table)

    def set_labels(self, table: Table) -> None:
        """Show the labels by kind."""
        self.labels.set_table(table)

    def set_down(self, table: Table) -> None:
        """Show why the arm could not work."""
        self.down.set_table(table)

    def _choose(self) -> None:
        """Ask for a file without stopping anything; Qt's own dialog, in which the hold key works too."""
        dialog = QFileDialog(self, "Export the shift", str(Path.home() / "shift.html"), KINDS)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile("shift.html")
        dialog.setDefaultSuffix("html")
        dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix("csv" if "csv" in kind else "html"))
        dialog.fileSelected.connect(lambda name: self.export_requested.emit(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


class TileView(QFrame):
    """One number, large."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.value, self.note = Words("muted"), Words("huge"), Words("muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for label in (self.name, self.value, self.note):
            layout.addWidget(label)
        layout.addStretch()

    def set_tile(self, tile: Tile) -> None:
        """Show a number."""
        self.name.say(tile.name)
        self.value.say(tile.value)
        self.note.say(tile.note)


class TableView(QFrame):
    """A titled table, or words in its place while it is empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.title, self.empty = QLabel(), Words("muted")
        self.title.setProperty("role", "strong")
        self.model = RowsModel((), parent=self)
        self.table = make_table(self.model)
        self._either = QStackedLayout()
        self._either.addWidget(self.empty)
        self._either.addWidget(self.table)
        layout = QVBoxLayout(self)
        layout.addWidget(self.title)
        layout.addLayout(self._either, stretch=1)

    def set_table(self, table: Table) -> None:
        """Show a table."""
        self.title.setText(table.title)
        self.empty.setText(table.empty)
        self.model.set_header(table.header)
        self.model.set_rows(table.rows)
        self._either.setCurrentIndex(1 if table.rows else 0)
        across = self.table.horizontalHeader()
        if across is not None and across.count():  # names need room, numbers only their own
            across.setStretchLastSection(False)
            across.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            across.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
