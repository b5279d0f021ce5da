"""The result of a comparison: for each task the old model's bar over the new one's."""

from __future__ import annotations

from PyQt6.QtWidgets import QGridLayout, QLabel, QWidget

from irevla.app.graph.records import Evaluation
from irevla.app.models.success_band import SuccessBand
from irevla.app.views.rounds.success_bar import SuccessBar
from irevla.app.views.theme import Theme

Rows = tuple[tuple[str, Evaluation, Evaluation], ...]


class CompareTable(QWidget):
    """Two lines a task."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(2, 1)

    def set_result(self, names: tuple[str, str], rows: Rows) -> None:
        """Show the rates of both models; ``names`` are the old one's and the new one's."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for index, (task, old, new) in enumerate(rows):
            self._grid.addWidget(QLabel(task), 2 * index, 0)
            for line, (name, rate) in enumerate(zip(names, (old, new), strict=True), start=2 * index):
                short = QLabel(("old ", "new ")[line % 2] + name.partition(" ")[0])
                short.setProperty("role", "muted")
                short.setToolTip(name)
                self._grid.addWidget(short, line, 1)
                self._grid.addWidget(SuccessBar(self._theme, rate), line, 2)
                self._grid.addWidget(QLabel(SuccessBand(rate.successes, rate.episodes).words), line, 3)
