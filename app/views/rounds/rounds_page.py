"""The Rounds page: the board on the left, beside it what is done with the chosen model."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from irevla.app.models.question import Question
from irevla.app.models.rounds.lineage_board import Card, Details
from irevla.app.views.confirm_dialog import ConfirmDialog
from irevla.app.views.rounds.comparison_tab import ComparisonTab
from irevla.app.views.rounds.history_tab import HistoryTab
from irevla.app.views.rounds.lineage_board import LineageBoard
from irevla.app.views.rounds.model_tab import ModelTab
from irevla.app.views.rounds.training_tab import TrainingTab
from irevla.app.views.theme import Theme

TRAIN, COMPARE = 1, 2  # tabs whose names tell what runs


class RoundsPage(QWidget):
    """Shows RoundsState."""

    refresh_requested = pyqtSignal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rounds")
        self.board, self.model = LineageBoard(theme), ModelTab(theme)
        self.training, self.comparison, self.promotions = TrainingTab(theme), ComparisonTab(theme), HistoryTab()
        self.tabs = QTabWidget()
        for widget, words in (
            (self.model, "M&odel"),
            (self.training, "&Train"),
            (self.comparison, "Com&pare"),
        ):
            self.tabs.addTab(_scrolling(widget), words)
        self.tabs.addTab(self.promotions, "&History")
        self.tabs.setFixedWidth(31 * theme.text_px)
        self.refresh = QPushButton("&Refresh")
        self.refresh.setToolTip("Ask for models and episodes again (Alt+R)")
        self.refresh.clicked.connect(self.refresh_requested)
        title = QLabel("Models, oldest on the left")
        title.setProperty("role", "title")
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch()
        head.addWidget(self.refresh)
        left = QVBoxLayout()
        left.addLayout(head)
        left.addWidget(self.board, stretch=1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(left, stretch=1)
        row.addWidget(self.tabs)

    def on_selected(self, call: Callable[[str], None]) -> None:
        """See RoundsView."""
        self.board.selected.connect(call)

    def on_refresh(self, call: Callable[[], None]) -> None:
        """See RoundsView."""
        self.refresh_requested.connect(call)

    def on_promote(self, call: Callable[[], None]) -> None:
        """See RoundsView."""
        self.model.promote_requested.connect(call)

    def on_roll_back(self, call: Callable[[], None]) -> None:
        """See RoundsView."""
        self.model.roll_back_requested.connect(call)

    def confirm(self, question: Question, call: Callable[[str], None]) -> None:
        """See RoundsView."""
        dialog = ConfirmDialog(question, self)
        dialog.confirmed.connect(call)
        dialog.open()

    def set_cards(self, cards: tuple[Card, ...]) -> None:
        """Show the models."""
        self.board.set_cards(cards)

    def set_selected(self, model_hash: str) -> None:
        """Mark the model that is looked at."""
        self.board.set_selected(model_hash)

    def set_empty(self, words: str) -> None:
        """Show why there is no model."""
        self.board.set_empty(words)

    def set_details(self, details: Details) -> None:
        """Show the model that is looked at."""
        self.model.set_details(details)

    def set_history(self, entries: tuple[tuple[str, ...], ...]) -> None:
        """Show the promotions."""
        self.promotions.set_history(entries)

    def set_promote(self, words: str) -> None:
        """Show what promoting would do."""
        self.model.set_promote(words)

    def set_roll_back(self, words: str) -> None:
        """Show what a roll-back would do."""
        self.model.set_roll_back(words)

    def set_jobs(self, jobs: tuple[float | None, bool]) -> None:
        """Show on the tabs what runs."""
        share, is_comparing = jobs
        self.tabs.setTabText(TRAIN, "&Train" if share is None else f"&Train {100 * share:.0f} %")
        self.tabs.setTabText(COMPARE, "Com&pare …" if is_comparing else "Com&pare")


def _scrolling(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
