"""Words on the screen, in a role and a tone of the theme."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QWidget


class Words(QLabel):
    """Wraps its words, which are never markup; set again and again at no cost while they stay the same."""

    def __init__(self, role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", role)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def say(self, words: str, tone: str = "") -> None:
        """Show the words; none hides the label."""
        if self.text() != words:
            self.setText(words)
        if self.isHidden() == bool(words):
            self.setVisible(bool(words))
        if (self.property("tone") or "") != tone:
            self.setProperty("tone", tone)
            style = self.style()
            if style is not None:
                style.polish(self)
