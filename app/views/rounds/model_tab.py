"""The chosen model, and whether the rig uses it."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from irevla.app.models.rounds.lineage_board import Details
from irevla.app.views.fact_table import FactTable
from irevla.app.views.rounds.success_rows import SuccessRows
from irevla.app.views.theme import Theme


class ModelTab(QWidget):
    """`promote_requested` is about this model, `roll_back_requested` about the one used before."""

    promote_requested = pyqtSignal()
    roll_back_requested = pyqtSignal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.title, self.badge, self.facts = QLabel(), QLabel(), FactTable()
        self.title.setProperty("role", "big")
        self.promote, self.roll_back = QPushButton(), QPushButton()
        self.promote.setProperty("role", "accent")
        self.promote.setToolTip("Have the rig use this model; the gate may refuse (Alt+M)")
        self.roll_back.setToolTip("Have the rig use the model before the present one again (Alt+B)")
        for widget, name in (
            (self.title, "model_title"),
            (self.badge, "model_badge"),
            (self.promote, "promote_button"),
            (self.roll_back, "roll_back_button"),
        ):
            widget.setObjectName(name)
        self.promote.clicked.connect(self.promote_requested)
        self.roll_back.clicked.connect(self.roll_back_requested)
        self._rates: SuccessRows | None = None
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addWidget(self.badge)
        head.addStretch()
        self._column = QVBoxLayout(self)
        self._column.setSpacing(12)
        self._column.addLayout(head)
        self._column.addWidget(self.facts)
        self._column.addStretch()
        self._column.addWidget(self.promote)
        self._column.addWidget(self.roll_back)

    def set_details(self, details: Details) -> None:
        """Show a model."""
        self.title.setText(details.title)
        self.badge.setText(details.badge)
        self.badge.setVisible(bool(details.badge))
        self.badge.setProperty("badge", "good" if details.badge == "promoted" else "bad")
        style = self.badge.style()
        if style is not None:
            style.polish(self.badge)
        self.facts.set_lines(details.facts)
        if self._rates is not None:
            self._rates.deleteLater()
            self._rates = None
        if details.facts:
            self._rates = SuccessRows(self._theme, details.evaluations, is_full=True)
            self._column.insertWidget(2, self._rates)

    def set_promote(self, words: str) -> None:
        """Show what promoting would do; "" when there is nothing to promote."""
        self.promote.setText(words.replace("Promote", "Pro&mote") if words else "Nothing to promote")
        self.promote.setEnabled(bool(words))

    def set_roll_back(self, words: str) -> None:
        """Show what a roll-back would do; "" when there is nothing to go back to."""
        self.roll_back.setText(words.replace("Roll back", "Roll &back") if words else "Nothing to roll back to")
        self.roll_back.setEnabled(bool(words))
