"""Rows of episodes as Qt's item views want them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, QSize, Qt
from PyQt6.QtGui import QColor, QPixmap

from irevla.app.models.episodes.episode_row import COLUMNS, LABEL, NONE, THUMBNAIL, EpisodeRow
from irevla.app.views.theme import Theme

ROLES = Qt.ItemDataRole
NO_PARENT = QModelIndex()


class EpisodeTableModel(QAbstractTableModel):
    """Decodes a thumbnail when its row comes into sight."""

    def __init__(self, theme: Theme, thumbnail_size: QSize, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[EpisodeRow, ...] = ()
        self._thumbnail_size = thumbnail_size
        self._colours = {name: QColor(getattr(theme, name)) for name in ("good", "bad", "warn", "muted")}
        self._thumbnails: dict[str, tuple[bytes, QPixmap]] = {}  # by episode

    def set_rows(self, rows: Sequence[EpisodeRow]) -> None:
        """Show these rows; the same episodes in the same order change in place."""
        before, rows = self.rows, tuple(rows)
        if [row.episode_id for row in before] == [row.episode_id for row in rows]:
            self.rows = rows
            for number, (old, new) in enumerate(zip(before, rows, strict=True)):
                if old != new:
                    self.dataChanged.emit(self.index(number, 0), self.index(number, len(COLUMNS) - 1))
            return
        self.beginResetModel()
        self.rows = rows
        shown = {row.episode_id for row in rows}
        self._thumbnails = {key: value for key, value in self._thumbnails.items() if key in shown}
        self.endResetModel()

    def place(self, episode_id: str) -> int:
        """Return the row of an episode, -1 if it is not shown."""
        return next((number for number, row in enumerate(self.rows) if row.episode_id == episode_id), -1)

    def rowCount(self, parent: QModelIndex = NO_PARENT) -> int:
        """See QAbstractTableModel."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex = NO_PARENT) -> int:
        """See QAbstractTableModel."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ROLES.DisplayRole) -> Any:
        """See QAbstractTableModel."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == ROLES.TextAlignmentRole:
            return _alignment(section)
        return {ROLES.DisplayRole: COLUMNS[section].title, ROLES.ToolTipRole: COLUMNS[section].about}.get(ROLES(role))

    def data(self, index: QModelIndex, role: int = ROLES.DisplayRole) -> Any:
        """See QAbstractTableModel."""
        if not index.isValid():
            return None
        row, column = self.rows[index.row()], index.column()
        match role:
            case ROLES.DisplayRole:
                return row.cells[column]
            case ROLES.DecorationRole if column == THUMBNAIL and row.thumbnail:
                return self._thumbnail(row)
            case ROLES.ForegroundRole:
                return self._colours.get("muted" if row.cells[column] == NONE else row.tone if column == LABEL else "")
            case ROLES.TextAlignmentRole:
                return _alignment(column)
            case ROLES.ToolTipRole:
                return row.about
        return None

    def _thumbnail(self, row: EpisodeRow) -> QPixmap:
        file, pixmap = self._thumbnails.get(row.episode_id, (b"", QPixmap()))
        if file != row.thumbnail:
            pixmap = QPixmap()
            if pixmap.loadFromData(row.thumbnail):  # a damaged file stays an empty cell
                pixmap = pixmap.scaled(
                    self._thumbnail_size,
                    Qt.AspectRatioMode.KeepAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
            self._thumbnails[row.episode_id] = row.thumbnail, pixmap
        return pixmap


def _alignment(column: int) -> Qt.AlignmentFlag:
    # Numbers of a column have equally many digits, and stand clear of the text beside them.
    side = Qt.AlignmentFlag.AlignHCenter if COLUMNS[column].is_number else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
