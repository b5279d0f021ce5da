"""State and action of one step in numbers; the colours of the heads are those of the curves."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QGridLayout, QLabel, QWidget

from irevla.app.models.episodes.episode_curves import COMPONENTS
from irevla.app.models.episodes.readout import Readout
from irevla.app.views.theme import Theme

RIGHT = Qt.AlignmentFlag.AlignRight
STATE_TIP = "Tool: x y z in mm, turn from pointing straight down in degrees; distance of the finger tips in mm"
ACTION_TIP = "What was really executed, -1 to 1"


class ReadoutTable(QWidget):
    """Shows a Readout."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = QLabel()
        self.state, self.action = [QLabel() for _ in COMPONENTS], [QLabel() for _ in COMPONENTS]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 4, 0, 0)
        for row, (name, tip) in enumerate((("state (mm, °)", STATE_TIP), ("action", ACTION_TIP)), start=1):
            head = QLabel(name)
            head.setProperty("role", "muted")
            head.setToolTip(tip)
            grid.addWidget(head, row, 0)
        for column, (name, colour) in enumerate(zip(COMPONENTS, theme.series, strict=True), start=1):
            head = QLabel(name)
            head.setStyleSheet(f"color: {colour}; font-weight: 700;")
            grid.addWidget(head, 0, column, RIGHT)
            grid.addWidget(self.state[column - 1], 1, column, RIGHT)
            grid.addWidget(self.action[column - 1], 2, column, RIGHT)
            grid.setColumnStretch(column, 1)
        grid.addWidget(self.words, 3, 0, 1, len(COMPONENTS) + 1)
        grid.setRowStretch(4, 1)

    def set_readout(self, shown: Readout) -> None:
        """Show the numbers of a step, empty ones for none."""
        for labels, texts in ((self.state, shown.state), (self.action, shown.action)):
            for label, text in zip(labels, texts or ("",) * len(COMPONENTS), strict=True):
                label.setText(text)
        self.words.setText(shown.words)
