"""The action of one step, and with that the legend of the curves."""

from __future__ import annotations

from PyQt6.QtWidgets import QHBoxLayout, QLabel, QWidget

from irevla.app.models.episodes.episode_curves import COMPONENTS
from irevla.app.views.theme import Theme


class ActionLine(QWidget):
    """A coloured name and a number for each component."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels = [QLabel() for _ in COMPONENTS]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for label, colour in zip(self._labels, theme.series, strict=True):
            label.setStyleSheet(f"color: {colour};")
            label.setMinimumWidth(1)  # a small window cuts them
            row.addWidget(label, stretch=1)

    def set_action(self, numbers: tuple[str, ...]) -> None:
        """Show the numbers, only the names for ()."""
        for name, label, words in zip(COMPONENTS, self._labels, numbers or ("",) * len(COMPONENTS), strict=True):
            label.setText(f"<b>{name}</b> {words}")
