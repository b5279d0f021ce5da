"""A question before something that is not easily undone; the window behind it goes on living."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from irevla.app.models.question import Question

WIDTH_PX = 560


class ConfirmDialog(QDialog):
    """`confirmed` carries the reason; leaving it any other way changes nothing.

    Escape is the hold key everywhere, so the way out is its own button: it has the keyboard first, Tab goes on.
    """

    confirmed = pyqtSignal(str)

    def __init__(self, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(question.title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(WIDTH_PX)
        self.is_reason_needed = question.reason == "needed"
        title, words = QLabel(question.title), QLabel(question.words)
        title.setProperty("role", "big")
        for label in (title, words):
            label.setWordWrap(True)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("why, in a few words" if self.is_reason_needed else "why (may stay empty)")
        self.reason.setVisible(question.reason != "none")
        self.reason.textChanged.connect(self._on_reason)
        self.yes = QPushButton(f"&{question.yes}")
        self.yes.setProperty("role", "warn" if question.is_risky else "accent")
        self.no = QPushButton("&Leave it as it is")
        self.no.setDefault(True)
        self.setObjectName("question")
        self.reason.setObjectName("reason")
        self.yes.setAutoDefault(False)
        self.yes.clicked.connect(self._on_yes)
        self.no.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.no)
        buttons.addWidget(self.yes)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        column.addWidget(title)
        column.addWidget(words)
        column.addWidget(self.reason)
        column.addLayout(buttons)
        self._on_reason(self.reason.text())
        (self.reason if self.is_reason_needed else self.no).setFocus()

    def _on_reason(self, text: str) -> None:
        self.yes.setEnabled(not self.is_reason_needed or bool(text.strip()))

    def _on_yes(self) -> None:
        reason = self.reason.text().strip()
        self.accept()
        self.confirmed.emit(reason)
