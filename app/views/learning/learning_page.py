"""The Learning page: plots and stage 1's controls on the left; beside them how it is and whether it is enough."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from irevla.app.models.learning.learning_history import Curves
from irevla.app.models.learning.learning_state import Words
from irevla.app.models.learning.stage1_form import Stage1Form
from irevla.app.models.learning.stage2_gate import Gate
from irevla.app.models.question import Question
from irevla.app.views.confirm_dialog import ConfirmDialog
from irevla.app.views.fact_table import FactTable, Lines
from irevla.app.views.learning.gate_panel import GatePanel
from irevla.app.views.learning.learning_plots import LearningPlots
from irevla.app.views.learning.stage1_controls import Stage1Controls
from irevla.app.views.theme import Theme
from irevla.app.views.toned import set_toned, wrapped


class LearningPage(QWidget):
    """Shows LearningState."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("learning")
        self.headline, self.detail, self.critic = wrapped("big"), wrapped(), wrapped()
        self.numbers, self.gate, self.controls = FactTable(), GatePanel(), Stage1Controls()
        self.plots = LearningPlots(theme)
        status = QFrame()
        status.setProperty("role", "card")
        lines = QVBoxLayout(status)
        lines.setSpacing(6)
        for widget in (self.headline, self.detail, self.critic, self.numbers):
            lines.addWidget(widget)
        panel = QWidget()
        column = QVBoxLayout(panel)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(status)
        column.addWidget(self.gate)
        column.addStretch()
        side = QScrollArea()
        side.setWidget(panel)
        side.setWidgetResizable(True)
        side.setFrameShape(QScrollArea.Shape.NoFrame)
        side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side.setFixedWidth(28 * theme.text_px)
        left = QVBoxLayout()
        left.addWidget(self.plots, stretch=1)
        left.addWidget(self.controls)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(left, stretch=1)
        row.addWidget(side)

    def on_choice(self, call: Callable[[str, Any], None]) -> None:
        """See LearningView."""
        self.controls.choice_changed.connect(call)

    def on_start(self, call: Callable[[], None]) -> None:
        """See LearningView."""
        self.controls.start_requested.connect(call)

    def on_finish(self, call: Callable[[], None]) -> None:
        """See LearningView."""
        self.controls.finish_requested.connect(call)

    def confirm(self, question: Question, call: Callable[[str], None]) -> None:
        """See LearningView."""
        dialog = ConfirmDialog(question, self)
        dialog.confirmed.connect(call)
        dialog.open()

    def set_headline(self, words: Words) -> None:
        """Show what the learner does."""
        set_toned(self.headline, *words)

    def set_detail(self, words: str) -> None:
        """Show what the learner adds to it."""
        self.detail.setText(words)
        self.detail.setVisible(bool(words))

    def set_critic(self, words: Words) -> None:
        """Show what mean Q means."""
        set_toned(self.critic, *words)

    def set_numbers(self, lines: Lines) -> None:
        """Show the learner's counts."""
        self.numbers.set_lines(lines)

    def set_gate(self, gate: Gate) -> None:
        """Show whether stage 2 can begin."""
        self.gate.set_gate(gate)

    def set_form(self, form: Stage1Form) -> None:
        """Show stage 1's controls."""
        self.controls.set_form(form)

    def set_curves(self, curves: Curves) -> None:
        """Show the plots."""
        self.plots.set_curves(curves)
