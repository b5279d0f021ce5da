"""The reset guide: what to put where, how long it has taken, how strong the shadow is."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

OPACITY_PERCENT = 45  # at first: the live picture stays the stronger one


class ResetGuide(QWidget):
    """Shows GuideState; it is there only while objects are put back."""

    opacity_requested = pyqtSignal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words, self.waited, self.times = QLabel(), QLabel(), QLabel()
        self.words.setProperty("role", "title")
        self.words.setWordWrap(True)
        self.waited.setProperty("role", "huge")
        self.times.setProperty("role", "muted")
        self.times.setWordWrap(True)
        self.opacity_name = QLabel("shadow")
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setValue(OPACITY_PERCENT)
        self.opacity.setToolTip("How strong the shadow of the start scene is (left and right arrow)")
        self.opacity.setMaximumWidth(180)
        self.opacity.valueChanged.connect(lambda percent: self.opacity_requested.emit(percent / 100))
        below = QHBoxLayout()
        below.addWidget(self.waited)
        below.addStretch()
        below.addWidget(self.opacity_name)
        below.addWidget(self.opacity)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.words)
        column.addLayout(below)
        column.addWidget(self.times)
        self.hide()

    def on_opacity(self, call: Callable[[float], None]) -> None:
        """See ResetGuideView; ``call`` is told the present value at once."""
        self.opacity_requested.connect(call)
        call(self.opacity.value() / 100)

    def set_is_waiting(self, is_waiting: bool) -> None:
        """Show or hide the guide."""
        self.setVisible(is_waiting)

    def set_words(self, words: str) -> None:
        """Show where the objects belong, or why nobody can say."""
        self.words.setText(words)
        self.words.setVisible(bool(words))

    def set_waited(self, words: str) -> None:
        """Show how long the person has taken so far."""
        self.waited.setText(words)

    def set_has_scene(self, has_scene: bool) -> None:
        """Show the slider where there is a shadow."""
        self.opacity_name.setVisible(has_scene)
        self.opacity.setVisible(has_scene)

    def set_times(self, words: str) -> None:
        """Show how long the last resets took."""
        self.times.setText(words)
        self.times.setVisible(bool(words))
