"""Names and values, one line each."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QGridLayout, QLabel, QWidget

Lines = tuple[tuple[str, str], ...]


class FactTable(QWidget):
    """Values can be selected with the mouse and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._labels: list[tuple[QLabel, QLabel]] = []

    @property
    def lines(self) -> Lines:
        """What is shown now."""
        return tuple((name.text(), value.text()) for name, value in self._labels if not name.isHidden())

    def set_lines(self, lines: Lines) -> None:
        """Show these; labels are used again, for values change often."""
        while len(self._labels) < len(lines):
            self._add_line()
        for index, (name, value) in enumerate(self._labels):
            is_used = index < len(lines)
            name.setVisible(is_used)
            value.setVisible(is_used)
            if is_used:
                name.setText(lines[index][0])
                value.setText(lines[index][1])

    def _add_line(self) -> None:
        name, value = QLabel(), QLabel()
        name.setProperty("role", "muted")
        value.setWordWrap(True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = len(self._labels)
        self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, row, 1)
        self._labels.append((name, value))
