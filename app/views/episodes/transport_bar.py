"""Where in the episode: a slider, play and pause, speed."""

from __future__ import annotations

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QSlider, QWidget

from irevla.app.models.episodes.playhead import SPEEDS

FAR = 10  # rows with the shift key
PLAY_KEY = "Alt+P"


class TransportBar(QWidget):
    """The arrow keys step wherever the keyboard is on the page, but in a text."""

    jump_requested = pyqtSignal(int)
    step_requested = pyqtSignal(int)
    toggle_requested = pyqtSignal()
    speed_requested = pyqtSignal(float)

    def __init__(self, keys_of: QWidget, parent: QWidget | None = None) -> None:
        """``keys_of``: the widget under which the arrow keys are heard."""
        super().__init__(parent)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("step")
        self.slider.setToolTip(f"Step with the left and right key, {FAR} steps with shift")
        self.slider.valueChanged.connect(self.jump_requested)
        self.play = QPushButton()
        self.play.setToolTip(f"Play or pause ({PLAY_KEY})")
        self.play.clicked.connect(self.toggle_requested)
        self.speed = QComboBox()
        self.speed.setToolTip("Speed; 1x is ten steps a second")
        self.speed.setAccessibleName("speed")
        for speed in SPEEDS:
            self.speed.addItem(f"{speed:g}x", speed)
        self.speed.activated.connect(lambda: self.speed_requested.emit(self.speed.currentData()))
        self.position = QLabel()
        for key, rows in (("Left", -1), ("Right", 1), ("Shift+Left", -FAR), ("Shift+Right", FAR)):
            shortcut = QShortcut(QKeySequence(key), keys_of)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda rows=rows: self.step_requested.emit(rows))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.play)
        row.addWidget(self.slider, stretch=1)
        row.addWidget(self.position)
        row.addWidget(self.speed)
        self.set_playing(False)

    def set_rows(self, rows: int) -> None:
        """Let the slider reach every row."""
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, max(0, rows - 1))
        for widget in (self.slider, self.play):
            widget.setEnabled(rows > 0)

    def set_row(self, row: int) -> None:
        """Show where it stands."""
        with QSignalBlocker(self.slider):
            self.slider.setValue(row)

    def set_position(self, words: str) -> None:
        """Show the step and the time."""
        self.position.setText(words)

    def set_playing(self, is_playing: bool) -> None:
        """Show what the button does now."""
        self.play.setText("pause" if is_playing else "play")
        self.play.setShortcut(PLAY_KEY)  # a new text takes the shortcut away

    def set_speed(self, speed: float) -> None:
        """Show the speed."""
        with QSignalBlocker(self.speed):
            self.speed.setCurrentIndex(self.speed.findData(speed))
