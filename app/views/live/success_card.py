"""How well the task goes lately."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from irevla.app.models.success_band import SuccessBand
from irevla.app.views.live.band_bar import BandBar
from irevla.app.views.live.rows import value_label
from irevla.app.views.theme import Theme


class SuccessCard(QFrame):
    """Shows SuccessState."""

    def __init__(self, theme: Theme, window: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setToolTip(
            f"success rate of this task over its last {window} labelled episodes, demonstrations left out;\n"
            "band: Wilson 95 % interval, what the true rate may well be with so few episodes"
        )
        name, self.words, self.bar = QLabel("success"), value_label(), BandBar(theme)
        name.setProperty("role", "muted")
        self.words.setProperty("role", "strong")
        self.words.setAlignment(Qt.AlignmentFlag.AlignRight)
        head = QHBoxLayout()
        head.addWidget(name)
        head.addWidget(self.words, stretch=1)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(self.bar)

    def set_band(self, band: SuccessBand) -> None:
        """Show the rate and its interval."""
        self.words.setText(band.words)
        self.bar.set_band(band.rate, *band.interval)
