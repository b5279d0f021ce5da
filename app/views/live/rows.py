"""Names on the left, what belongs to them on the right."""

from __future__ import annotations

from PyQt6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget


class Rows(QGridLayout):
    """A grid of a card; names are muted and right beside their values."""

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalSpacing(14)
        self.setVerticalSpacing(4)
        self.setColumnStretch(1, 1)

    def add(self, name: str, widget: QWidget, tip: str = "") -> None:
        """Add a row at the foot; the tip is for both of its halves."""
        label = QLabel(name)
        label.setProperty("role", "muted")
        row = self.rowCount()
        self.addWidget(label, row, 0)
        self.addWidget(widget, row, 1)
        for half in (label, widget):
            half.setToolTip(tip)


def value_label() -> QLabel:
    """Return a label that never makes its card wider."""
    label = QLabel()
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    label.setWordWrap(True)
    return label
