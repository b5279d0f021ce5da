"""The table of episodes: keeps selection and place when its rows are renewed."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QItemSelectionModel, QModelIndex, QSignalBlocker, QSize, pyqtSignal
from PyQt6.QtGui import QFontMetrics, QResizeEvent
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from irevla.app.models.episodes.episode_row import COLUMNS, DISAGREEMENT, LABEL, Q_LAST, TASK, THUMBNAIL, EpisodeRow
from irevla.app.views.episodes.episode_table_model import EpisodeTableModel
from irevla.app.views.theme import Theme

QUEUE_COLUMNS = (THUMBNAIL, DISAGREEMENT, Q_LAST, LABEL, TASK)  # what the queue is about stands first
SELECT_ROW = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows


class EpisodeTable(QTableView):
    """`select_requested` says which episode the person chose."""

    select_requested = pyqtSignal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        height_px = round(theme.text_px * 2.5)
        thumbnail = QSize(height_px * 4 // 3, height_px)
        self.episodes = EpisodeTableModel(theme, thumbnail, self)
        self._selected = ""
        self.setModel(self.episodes)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setObjectName("episode_table")
        self.setAccessibleName("episodes")
        self._heads = QHeaderView(self.horizontalHeader().orientation(), self)  # type: ignore[union-attr]
        self._heads.setSectionsMovable(True)
        self._heads.setHighlightSections(False)
        self.setHorizontalHeader(self._heads)
        rows = self.verticalHeader()
        if rows is not None:
            rows.setDefaultSectionSize(height_px + 6)
            rows.hide()
        self._widths_px = _widths_px(QFontMetrics(self._heads.font()), thumbnail.width())
        for column, width_px in enumerate(self._widths_px):
            self.setColumnWidth(column, width_px)

    def set_rows(self, rows: Sequence[EpisodeRow]) -> None:
        """Show these rows; the one at the top stays at the top."""
        bar, current = self.verticalScrollBar(), self.currentIndex().row()
        anchor = self.episodes.rows[current].episode_id if current >= 0 else ""
        top, offset_px = self._top()
        with QSignalBlocker(self.selectionModel()):
            self.episodes.set_rows(rows)
        if self.episodes.place(self._selected) >= 0:
            self.set_selected(self._selected)
        else:
            # Gone, e.g. relabelled out of the queue: the down key goes on with the row that took its place.
            place = self.episodes.place(anchor)
            self._select(place if place >= 0 else current - 1, QItemSelectionModel.SelectionFlag.NoUpdate)
        now = self.episodes.place(top)
        if bar is not None and now >= 0:
            bar.setValue(self.rowViewportPosition(now) + bar.value() + offset_px)

    def set_selected(self, episode_id: str) -> None:
        """Mark an episode, if it is shown."""
        self._selected = episode_id
        self._select(self.episodes.place(episode_id), SELECT_ROW)

    def set_queue(self, is_queue: bool) -> None:
        """Show what label and critic say first, or every column in its place."""
        first = QUEUE_COLUMNS if is_queue else ()
        for place, column in enumerate((*first, *(column for column in range(len(COLUMNS)) if column not in first))):
            self._heads.moveSection(self._heads.visualIndex(column), place)

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        """Tell of a choice by key or mouse."""
        super().currentChanged(current, previous)
        chosen = self.episodes.rows[current.row()].episode_id if current.isValid() else ""
        if chosen and chosen != self._selected:
            self._selected = chosen
            self.select_requested.emit(chosen)

    def sizeHint(self) -> QSize:
        """Return room for what one must see beside the player: picture, time, task and label."""
        bar = self.verticalScrollBar()
        bar_px = 0 if bar is None else bar.sizeHint().width()
        return QSize(sum(self._widths_px[: LABEL + 1]) + bar_px + 4, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Give the task what is left."""
        super().resizeEvent(event)
        viewport = self.viewport()
        if viewport is not None:
            others_px = sum(self.columnWidth(column) for column in range(len(COLUMNS)) if column != TASK)
            self.setColumnWidth(TASK, max(self._widths_px[TASK], viewport.width() - others_px))

    def _select(self, row: int, how: QItemSelectionModel.SelectionFlag) -> None:
        selection = self.selectionModel()
        if selection is None:
            return
        with QSignalBlocker(selection):
            if row < 0:
                selection.clear()
            else:
                selection.setCurrentIndex(self.episodes.index(row, THUMBNAIL), how)
        viewport = self.viewport()
        if viewport is not None:  # it did not hear of the change
            viewport.update()

    def _top(self) -> tuple[str, int]:
        """Return the episode at the top of what is seen, and by how much it is scrolled out."""
        row = self.rowAt(0)
        if row < 0:
            return "", 0
        return self.episodes.rows[row].episode_id, -self.rowViewportPosition(row)


def _widths_px(font: QFontMetrics, thumbnail_px: int) -> list[int]:
    pad_px = font.height() // 2 + 6
    texts = [max(font.horizontalAdvance(column.title), font.horizontalAdvance(column.widest)) for column in COLUMNS]
    return [thumbnail_px + 8, *(width + pad_px for width in texts[1:])]
