"""A model on the board."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QMouseEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from irevla.app.models.rounds.lineage_board import Card
from irevla.app.views.rounds.success_rows import SuccessRows
from irevla.app.views.theme import Theme

MOST_TASKS = 3


class ModelCard(QFrame):
    """`clicked` carries the model's hash."""

    clicked = pyqtSignal(str)

    def __init__(self, theme: Theme, card: Card, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model_hash = card.model_hash
        self.setObjectName("model_card")
        self.setProperty("role", "card")
        self.setToolTip("Click it, or press the arrow keys, to choose another model")
        title = QLabel(card.title)
        title.setProperty("role", "title")
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch()
        if card.is_promoted:
            head.addWidget(_badge("promoted", "good"))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(3)
        column.addLayout(head)
        column.addWidget(_badge("directory is missing", "bad") if card.is_missing else _muted(card.made_by))
        column.addWidget(_muted(card.hashes))
        column.addWidget(SuccessRows(theme, card.evaluations, most=MOST_TASKS))
        column.addStretch()

    def set_selected(self, is_selected: bool) -> None:
        """Show whether it is the one that is looked at."""
        if self.property("selected") == is_selected:
            return
        self.setProperty("selected", is_selected)
        style = self.style()
        if style is not None:
            style.unpolish(self)
            style.polish(self)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """See QWidget."""
        self.clicked.emit(self.model_hash)
        super().mousePressEvent(event)


def _muted(words: str) -> QLabel:
    line = QLabel(words)
    line.setProperty("role", "muted")
    return line


def _badge(words: str, tone: str) -> QLabel:
    badge = QLabel(words)
    badge.setProperty("badge", tone)
    return badge
