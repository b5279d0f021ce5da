"""The log for Qt: lines come at the end and go at the beginning, and nothing else is drawn anew."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from irevla.app.models.health.log import ERROR, WARN, Entry
from irevla.app.views.lights import light_colour
from irevla.app.views.rows_model import NOWHERE
from irevla.app.views.theme import Theme

HEADER = ("time", "level", "node", "message")


class LogModel(QAbstractTableModel):
    """Entries, newest last."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[Entry, ...] = ()
        self._colours = {"bad": light_colour("bad", theme), "warn": light_colour("warn", theme)}

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is shown."""
        return self._entries

    def set_entries(self, entries: tuple[Entry, ...]) -> None:
        """Show other entries; where they only went on, rows are added at the end and removed at the beginning."""
        old = self._entries
        gone = 0
        while gone < len(old) and entries and old[gone].number < entries[0].number:
            gone += 1
        kept = len(old) - gone
        if kept == 0 or entries[:kept] != old[gone:]:
            self.beginResetModel()
            self._entries = entries
            self.endResetModel()
            return
        if gone:
            self.beginRemoveRows(NOWHERE, 0, gone - 1)
            self._entries = old[gone:]
            self.endRemoveRows()
        if len(entries) > kept:
            self.beginInsertRows(NOWHERE, kept, len(entries) - 1)
            self._entries = entries
            self.endInsertRows()

    def rowCount(self, parent: QModelIndex = NOWHERE) -> int:
        """See QAbstractTableModel."""
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: QModelIndex = NOWHERE) -> int:
        """See QAbstractTableModel."""
        return 0 if parent.isValid() else len(HEADER)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See QAbstractTableModel."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return HEADER[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See QAbstractTableModel."""
        entry = self._entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            first_line = entry.text.partition("\n")[0]
            return (entry.time, entry.level_name, entry.node, first_line)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == len(HEADER) - 1:
            return entry.text
        if role == Qt.ItemDataRole.ForegroundRole and entry.level >= WARN and index.column() > 0:
            return self._colours["bad" if entry.level >= ERROR else "warn"]
        return None
