"""The episodes page: filters over the table, the player beside it as soon as an episode is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from irevla.app.models.episodes.episode_filter import EpisodeFilter
from irevla.app.models.episodes.episode_row import EpisodeRow
from irevla.app.views.episodes.episode_table import EpisodeTable
from irevla.app.views.episodes.file_dialog import choose_file
from irevla.app.views.episodes.filter_bar import FilterBar
from irevla.app.views.episodes.playback_view import PlaybackView
from irevla.app.views.theme import Theme


class EpisodesPage(QWidget):
    """Shows EpisodeListState; ``player`` shows what is chosen."""

    turn_requested = pyqtSignal(int)
    refresh_requested = pyqtSignal()
    export_requested = pyqtSignal()
    select_requested = pyqtSignal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("episodes")
        self.filters, self.table = FilterBar(), EpisodeTable(theme)
        self.player = PlaybackView(theme, self)
        self.notice, self.queue, self.trouble = QLabel(), QLabel(), QLabel()
        self.notice.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.notice.setProperty("role", "title")
        self.queue.setProperty("tone", "accent")
        self.trouble.setProperty("tone", "warn")
        for label in (self.notice, self.queue, self.trouble):
            label.setWordWrap(True)
        self.extent = QLabel()
        self.back = _button("‹", "The page before (Alt+PageUp)", "Alt+PgUp")
        self.on = _button("›", "The next page (Alt+PageDown)", "Alt+PgDown")
        self.refresh = _button("refresh", "Ask the store again (Ctrl+R)", "Ctrl+R")
        self.export = _button("export", "Write the rows of this page as CSV (Ctrl+E)", "Ctrl+E")
        self._places = QStackedLayout()
        self._arrange()
        self.back.clicked.connect(lambda: self.turn_requested.emit(-1))
        self.on.clicked.connect(lambda: self.turn_requested.emit(1))
        self.refresh.clicked.connect(self.refresh_requested)
        self.export.clicked.connect(self.export_requested)
        self.table.select_requested.connect(self.select_requested)
        self.player.close_requested.connect(lambda: self.select_requested.emit(""))

    def on_filter(self, call: Callable[[EpisodeFilter], None]) -> None:
        """See EpisodesView, here and below."""
        self.filters.filter_requested.connect(call)

    def on_select(self, call: Callable[[str], None]) -> None:
        """A row, or the player's close button."""
        self.select_requested.connect(call)

    def on_turn(self, call: Callable[[int], None]) -> None:
        """Page buttons."""
        self.turn_requested.connect(call)

    def on_refresh(self, call: Callable[[], None]) -> None:
        """Refresh button."""
        self.refresh_requested.connect(call)

    def on_export(self, call: Callable[[], None]) -> None:
        """Export button."""
        self.export_requested.connect(call)

    def choose_file(self, name: str, call: Callable[[Path], None]) -> None:
        """Ask where to write."""
        choose_file(self, name, call)

    def set_rows(self, rows: Sequence[EpisodeRow]) -> None:
        """Show these episodes."""
        self.table.set_rows(rows)
        self.export.setEnabled(bool(rows))

    def set_selected(self, episode_id: str) -> None:
        """Mark the chosen episode."""
        self.table.set_selected(episode_id)

    def set_filters(self, shown: EpisodeFilter) -> None:
        """Show the filter."""
        self.filters.set_filter(shown)
        self.table.set_queue(shown.is_queue)

    def set_tasks(self, tasks: Sequence[str]) -> None:
        """Offer these tasks."""
        self.filters.set_tasks(tasks)

    def set_models(self, hashes: Sequence[str]) -> None:
        """Offer these policies."""
        self.filters.set_models(hashes)

    def set_extent(self, words: str) -> None:
        """Show which of how many rows these are."""
        self.extent.setText(words)

    def set_can_go_back(self, can_go: bool) -> None:
        """Offer the page before."""
        self.back.setEnabled(can_go)

    def set_can_go_on(self, can_go: bool) -> None:
        """Offer the next page."""
        self.on.setEnabled(can_go)

    def set_notice(self, words: str) -> None:
        """Show words in place of rows."""
        self.notice.setText(words)
        self._places.setCurrentIndex(1 if words else 0)

    def set_trouble(self, words: str) -> None:
        """Show why the rows may be old."""
        self.trouble.setText(words)
        self.trouble.setVisible(bool(words))

    def set_queue(self, words: str) -> None:
        """Show what the disagreement queue is."""
        self.queue.setText(words)
        self.queue.setVisible(bool(words))

    def _arrange(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.extent)
        foot.addStretch()
        for button in (self.back, self.on, self.refresh, self.export):
            foot.addWidget(button)
        rows = QWidget()
        rows.setLayout(self._places)
        self._places.addWidget(self.table)
        self._places.addWidget(self.notice)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(rows, stretch=1)
        column.addLayout(foot)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(self.player)
        splitter.setStretchFactor(0, 9)
        splitter.setStretchFactor(1, 11)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        for widget in (self.filters, self.queue, self.trouble):
            page.addWidget(widget)
        page.addWidget(splitter, stretch=1)
        self.set_trouble("")
        self.set_queue("")


def _button(words: str, tip: str, key: str) -> QPushButton:
    button = QPushButton(words)
    button.setToolTip(tip)
    button.setShortcut(key)
    return button
