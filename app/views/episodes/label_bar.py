"""The episode's label, and the buttons that change it."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

# Plain keys label the running episode on every page; an older one takes Alt.
LABELS = (("success", "Alt+1", "good"), ("failure", "Alt+2", "bad"), ("discard", "Alt+3", ""), ("undo", "Alt+0", ""))


class LabelBar(QWidget):
    """`label_requested` carries "success", "failure", "discard" or "undo"."""

    label_requested = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label, self.confirmation = QLabel(), QLabel()
        self.label.setProperty("role", "title")
        self.confirmation.setProperty("role", "muted")
        self.confirmation.setWordWrap(True)
        self.buttons: dict[str, QPushButton] = {}
        row = QHBoxLayout()
        row.addWidget(self.label)
        row.addStretch()
        for name, key, role in LABELS:
            button = QPushButton(name)
            button.setProperty("role", role)
            button.setShortcut(key)
            what = "Take the last label of this episode back" if name == "undo" else f"Relabel this episode: {name}"
            button.setToolTip(f"{what} ({key})")
            button.clicked.connect(lambda _, name=name: self.label_requested.emit(name))
            self.buttons[name] = button
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.confirmation)
        self.set_confirmation("")

    def set_label(self, words: str, tone: str) -> None:
        """Show the label and who gave it."""
        self.label.setText(words)
        self.label.setProperty("tone", tone)
        style = self.label.style()
        if style is not None:
            style.polish(self.label)

    def set_can_label(self, can_label: bool) -> None:
        """Let the buttons be pressed, or not."""
        for button in self.buttons.values():
            button.setEnabled(can_label)

    def set_confirmation(self, words: str) -> None:
        """Show how the last label ended."""
        self.confirmation.setText(words)
        self.confirmation.setVisible(bool(words))
