"""A table of words for Qt: rows that change are written anew, a table of another length is shown anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, QSize, Qt
from PyQt6.QtGui import QFontMetrics
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from irevla.app.views.lights import Lights

Rows = Sequence[tuple[str, ...]]
NOWHERE = QModelIndex()


class RowsModel(QAbstractTableModel):
    """``lights``: one for each row stands before its first cell."""

    def __init__(self, header: Sequence[str], lights: Lights | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._header, self._lights = tuple(header), lights
        self._rows: tuple[tuple[str, ...], ...] = ()
        self._lit: tuple[str, ...] = ()

    def set_header(self, header: Sequence[str]) -> None:
        """Name the columns."""
        if tuple(header) != self._header:
            self.beginResetModel()
            self._header = tuple(header)
            self.endResetModel()

    def set_rows(self, rows: Rows, lit: Sequence[str] = ()) -> None:
        """Show other rows."""
        before = list(zip(self._rows, self._lit or ("",) * len(self._rows), strict=True))
        now = list(zip(rows, lit or ("",) * len(rows), strict=True))
        if len(before) != len(now):
            self.beginResetModel()
            self._rows, self._lit = tuple(rows), tuple(lit)
            self.endResetModel()
            return
        self._rows, self._lit = tuple(rows), tuple(lit)
        for number, (old, new) in enumerate(zip(before, now, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(number, 0), self.index(number, len(self._header) - 1))

    def rowCount(self, parent: QModelIndex = NOWHERE) -> int:
        """See QAbstractTableModel."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex = NOWHERE) -> int:
        """See QAbstractTableModel."""
        return 0 if parent.isValid() else len(self._header)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See QAbstractTableModel."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._header[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See QAbstractTableModel."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0 and self._lights is not None and self._lit:
            return self._lights.icon(self._lit[index.row()])
        return None


def make_table(model: QAbstractTableModel, parent: QWidget | None = None) -> QTableView:
    """Return a view of whole rows, without a grid; its last column takes what room is left."""
    table = QTableView(parent)
    table.setModel(model)
    table.setShowGrid(False)
    table.setAlternatingRowColors(True)
    table.setWordWrap(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)  # Tab goes on to the next widget
    across, down = table.horizontalHeader(), table.verticalHeader()
    if across is not None:
        across.setStretchLastSection(True)
        across.setHighlightSections(False)
        across.setMinimumSectionSize(20)
    if down is not None:
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(round(table.fontMetrics().height() * 1.5))
    return table


def widen(table: QTableView, samples: Sequence[str], *, light_px: int = 0) -> None:
    """Make each column wide enough for a sample of its text, and for its name; the last one takes the rest.

    ``light_px``: the side of the lights before the first column.
    """
    table.setIconSize(QSize(light_px, light_px))
    metrics: QFontMetrics = table.fontMetrics()
    model = table.model()
    for column, sample in enumerate(samples):
        name = "" if model is None else str(model.headerData(column, Qt.Orientation.Horizontal))
        wide_px = max(metrics.horizontalAdvance(text) for text in (sample, name))
        table.setColumnWidth(column, wide_px + 2 * metrics.averageCharWidth() + 6 + (light_px if column == 0 else 0))
