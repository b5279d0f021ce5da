"""How well the task goes lately."""

from __future__ import annotations

from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from irevla.app.models.success_band import SuccessBand
from irevla.app.views.live.band_bar import BandBar
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
        self.task, self.words, self.bar = QLabel(), QLabel(), BandBar(theme)
        self.task.setProperty("role", "muted")
        self.words.setProperty("role", "strong")
        head = QHBoxLayout()
        head.addWidget(self.task)
        head.addStretch()
        head.addWidget(self.words)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(self.bar)

    def set_task(self, name: str) -> None:
        """Show whose rate it is."""
        self.task.setText(f"success of {name}" if name else "success")

    def set_band(self, band: SuccessBand) -> None:
        """Show the rate and its interval."""
        self.words.setText(band.words)
        self.bar.set_band(band.rate, *band.interval)
