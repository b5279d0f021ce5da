"""The head of the window: what happens, the hold button, and a resume that takes two presses."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

ARMED_MS = 3000  # the second press of resume must come within this


class Header(QFrame):
    """Shows HeaderState; `hold_requested` and `resume_requested` are the person's wishes."""

    hold_requested = pyqtSignal()
    resume_requested = pyqtSignal()

    def __init__(self, hold_key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.phase, self.task = _label("huge"), _label("big")
        self.progress, self.acting = _label("muted"), _label("big")
        self.hold_reason, self.trouble = _label("big"), _label("big")
        self.hold_reason.setProperty("tone", "bad")
        self.trouble.setProperty("tone", "warn")
        for label in (self.hold_reason, self.trouble, self.task):
            label.setWordWrap(True)
        self.hold_button = QPushButton("HOLD")
        self.hold_button.setProperty("role", "bad")
        self.hold_button.setProperty("scale", "huge")
        self._hold_key = _label("muted")
        self._hold_key.setText(f"key {hold_key}")
        self._hold_key.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.hold_button.setToolTip(f"Stop the arm at once ({hold_key}, on every page)")
        self.hold_button.pressed.connect(self.hold_requested)
        self.resume_button = QPushButton()
        self.resume_button.setProperty("scale", "large")
        self.resume_button.setToolTip("Two presses let the arm move again: look at the arm between them")
        self.resume_button.clicked.connect(self._on_resume)
        self._armed = QTimer(self)
        self._armed.setSingleShot(True)
        self._armed.setInterval(ARMED_MS)
        self._armed.timeout.connect(self._disarm)
        self._disarm()
        self.resume_button.hide()
        self._arrange()

    def on_hold(self, call: Callable[[], None]) -> None:
        """See HeaderView."""
        self.hold_requested.connect(call)

    def on_resume(self, call: Callable[[], None]) -> None:
        """See HeaderView."""
        self.resume_requested.connect(call)

    def set_phase(self, words: str) -> None:
        """Show the episode's phase."""
        self.phase.setText(words)

    def set_task(self, words: str) -> None:
        """Show what the arm is told to do."""
        self.task.setText(words)
        self.task.setVisible(bool(words))

    def set_progress(self, words: str) -> None:
        """Show how far the episode is."""
        self.progress.setText(words)

    def set_acting(self, words: str) -> None:
        """Show who acts."""
        self.acting.setText(words)

    def set_hold(self, reason: str) -> None:
        """Show why the arm is held, "" when it is not."""
        self.hold_reason.setText(f"held: {reason}" if reason else "")
        self.hold_reason.setVisible(bool(reason))
        self.acting.setVisible(not reason)
        self.resume_button.setVisible(bool(reason))
        self.setProperty("state", "held" if reason else "")
        style = self.style()
        if style is not None:
            style.polish(self)
        self._disarm()

    def set_trouble(self, words: str) -> None:
        """Show what was not heard, "" when all was."""
        self.trouble.setText(words)
        self.trouble.setVisible(bool(words))

    def _arrange(self) -> None:
        left, middle = QVBoxLayout(), QVBoxLayout()
        left.addWidget(self.phase)
        left.addWidget(self.progress)
        for label in (self.task, self.acting, self.hold_reason, self.trouble):
            middle.addWidget(label)
        row = QHBoxLayout(self)
        row.addLayout(left)
        row.addSpacing(24)
        row.addLayout(middle, stretch=1)
        row.addWidget(self.resume_button)
        right = QVBoxLayout()
        right.setSpacing(2)
        right.addWidget(self.hold_button, stretch=1)
        right.addWidget(self._hold_key)
        row.addLayout(right)

    def _on_resume(self) -> None:
        if self._armed.isActive():
            self._disarm()
            self.resume_requested.emit()
        else:
            self.resume_button.setText("press again:\nthe arm will move")
            self._armed.start()

    def _disarm(self) -> None:
        self._armed.stop()
        self.resume_button.setText("resume")


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    return label
