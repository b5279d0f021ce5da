"""Ready for stage 2, or what is missing."""

from __future__ import annotations

from PyQt6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from irevla.app.models.learning.stage2_gate import Gate
from irevla.app.views.toned import set_toned, wrapped

MARKS = {True: ("✓", "good"), False: ("•", "warn")}


class GatePanel(QFrame):
    """A line for each condition: met or not, what there is, what it needs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.verdict = wrapped("title")
        self._grid = QGridLayout(self)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(2, 1)
        self._grid.addWidget(self.verdict, 0, 0, 1, 3)
        self.lines: list[tuple[QLabel, QLabel, QLabel]] = []

    def set_gate(self, gate: Gate) -> None:
        """Show a gate; it always has as many conditions as the first one."""
        set_toned(self.verdict, gate.verdict[0].upper() + gate.verdict[1:], MARKS[gate.is_ready][1])
        while len(self.lines) < len(gate.conditions):
            self._add_line()
        for condition, (mark, name, words) in zip(gate.conditions, self.lines, strict=True):
            set_toned(mark, *MARKS[condition.is_met])
            name.setText(condition.name)
            set_toned(words, condition.now, MARKS[condition.is_met][1])
            words.setToolTip(f"needs {condition.needs}")
            words.setText(condition.now if condition.is_met else f"{condition.now}; needs {condition.needs}")

    def _add_line(self) -> None:
        labels = QLabel(), QLabel(), wrapped()
        labels[1].setProperty("role", "muted")
        row = len(self.lines) + 1
        for column, label in enumerate(labels):
            self._grid.addWidget(label, row, column)
        self.lines.append(labels)
