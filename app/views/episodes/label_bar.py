"""The episode's label, and the buttons that change it."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from irevla.app.views.episodes.elided_label import ElidedLabel

# Plain keys label the running episode on every page; an older one takes Alt.
LABELS = (("success", "Alt+1", "good"), ("failure", "Alt+2", "bad"), ("discard", "Alt+3", ""), ("undo", "Alt+0", ""))


class LabelBar(QWidget):
    """`label_requested` carries "success", "failure", "discard" or "undo"."""

    label_requested = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label, self.confirmation = QLabel(), ElidedLabel("muted")
        self.label.setObjectName("episode_label")
        self.label.setProperty("role", "title")
        self.buttons: dict[str, QPushButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.label)
        row.addWidget(self.confirmation, stretch=1)
        for name, key, role in LABELS:
            button = QPushButton(name)
            button.setProperty("role", role)
            button.setShortcut(key)
            what = "Take the last label of this episode back" if name == "undo" else f"Relabel this episode: {name}"
            button.setToolTip(f"{what} ({key})")
            button.clicked.connect(lambda _, name=name: self.label_requested.emit(name))
            self.buttons[name] = button
            row.addWidget(button)

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
        self.confirmation.show_words(words)
