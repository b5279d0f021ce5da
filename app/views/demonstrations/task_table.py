"""The tasks and how many demonstrations there are of each."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QRect, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPainter
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from irevla.app.models.demonstrations import TaskCount
from irevla.app.views.theme import Theme

COLUMNS = ("task", "good", "failed", "discarded", "new")
GOOD = COLUMNS.index("good")


class TaskTable(QTableView):
    """One row a task; `chosen` has the task whose row the person went to."""

    chosen = pyqtSignal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("task_table")
        self._rows = _Rows(self)
        self.setModel(self._rows)
        self.setItemDelegateForColumn(GOOD, _Progress(theme, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        side, head = self.verticalHeader(), self.horizontalHeader()
        if side is not None:
            side.hide()
            side.setDefaultSectionSize(round(theme.text_px * 2.2))
        if head is not None:
            head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            head.setSectionResizeMode(GOOD, QHeaderView.ResizeMode.Stretch)
            head.setHighlightSections(False)
        palette = self.palette()
        palette.setColor(palette.ColorRole.Highlight, QColor(theme.raised))
        palette.setColor(palette.ColorRole.HighlightedText, QColor(theme.text))
        self.setPalette(palette)
        selection = self.selectionModel()
        if selection is not None:
            selection.currentRowChanged.connect(self._on_row)

    def set_counts(self, counts: tuple[TaskCount, ...]) -> None:
        """Show the counts."""
        self._rows.set_counts(counts)

    def set_chosen(self, task: str) -> None:
        """Show which task is chosen."""
        row = self._rows.row_of(task)
        if row >= 0 and row != self.currentIndex().row():
            self.blockSignals(True)
            self.setCurrentIndex(self._rows.index(row, 0))
            self.blockSignals(False)

    def _on_row(self, now: QModelIndex, _: QModelIndex) -> None:
        if now.isValid():
            self.chosen.emit(self._rows.counts[now.row()].task)


class _Rows(QAbstractTableModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.counts: tuple[TaskCount, ...] = ()

    def set_counts(self, counts: tuple[TaskCount, ...]) -> None:
        """Change in place, so that the chosen row stays chosen."""
        if len(counts) != len(self.counts):
            self.beginResetModel()
            self.counts = counts
            self.endResetModel()
            return
        changed = [row for row, count in enumerate(counts) if count != self.counts[row]]
        self.counts = counts
        for row in changed:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(COLUMNS) - 1))

    def row_of(self, task: str) -> int:
        """Return the task's row, -1 if there is none."""
        return next((row for row, count in enumerate(self.counts) if count.task == task), -1)

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.counts)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        return len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        count = self.counts[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _words(count, index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        if role == Qt.ItemDataRole.UserRole:
            return min(1.0, (count.success or 0) / max(1, count.target))
        return None


class _Progress(QStyledItemDelegate):
    """Draws "12 of 20" over a bar."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        if painter is None:
            return
        share = float(index.data(Qt.ItemDataRole.UserRole))
        room = option.rect.adjusted(6, 6, -6, -6)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # the row itself is as light as the track
        painter.setBrush(QColor(self._theme.background if is_chosen else self._theme.border))
        painter.drawRoundedRect(room, 4, 4)
        colour = QColor(self._theme.good if share >= 1 else self._theme.accent)
        colour.setAlpha(120)  # the words stay legible on it
        painter.setBrush(colour)
        painter.drawRoundedRect(QRect(room.left(), room.top(), round(room.width() * share), room.height()), 4, 4)
        painter.setPen(QColor(self._theme.text))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, str(index.data()))
        painter.restore()


def _words(count: TaskCount, column: int) -> str:
    if column == GOOD:
        return f"{_number(count.success)} of {count.target}"
    return (
        count.task,
        "",
        _number(count.failure),
        _number(count.discard),
        f"+{count.sitting}" if count.sitting else "",
    )[column]


def _number(count: int | None) -> str:
    return "?" if count is None else str(count)


def _alignment(column: int) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignVCenter | (
        Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignHCenter
    )
