"""A confirmation that is read from two metres."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFrame, QLabel, QStackedLayout, QVBoxLayout, QWidget

from irevla.app.models.episode_desk import Flash
from irevla.app.views.theme import set_role


class Confirmation(QFrame):
    """Says where the episode is; for a moment it is all colour and says what was just done."""

    def __init__(self, guide: QWidget | None = None, parent: QWidget | None = None) -> None:
        """``guide`` stands under the hint."""
        super().__init__(parent)
        self.situation, self.hint, self.flash = QLabel(), QLabel(), QLabel()
        self.situation.setProperty("role", "big")
        self.flash.setProperty("role", "huge")
        self.hint.setProperty("role", "muted")
        for name in ("situation", "hint", "flash"):
            label = getattr(self, name)
            label.setObjectName(name)
            label.setWordWrap(True)
        self.flash.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words = QVBoxLayout()
        words.addWidget(self.situation)
        words.addWidget(self.hint)
        if guide is not None:
            words.addWidget(guide)
        words.addStretch()
        calm = QWidget()
        calm.setLayout(words)
        words.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(calm)
        self._stack.addWidget(self.flash)

    def set_situation(self, words: str) -> None:
        """Show where the episode is."""
        self.situation.setText(words)

    def set_hint(self, words: str) -> None:
        """Show what the person does about it."""
        self.hint.setText(words)

    def set_flash(self, flash: Flash | None) -> None:
        """Show what was just done, None to go back to the situation."""
        self.flash.setText("" if flash is None else flash.words)
        set_role(self, "" if flash is None else flash.tone)
        self._stack.setCurrentIndex(0 if flash is None else 1)
