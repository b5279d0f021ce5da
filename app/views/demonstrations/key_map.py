"""The keys that steer, and beside them how far each axis is steered now."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QGridLayout, QLabel, QWidget

from irevla.app.views.theme import Theme
from irevla.config.teleop.motion_keys import MOTION_KEYS

# What the negative and the positive key of each axis do, seen from behind the arm.
AXES = (
    ("back", "forward"),
    ("right", "left"),
    ("down", "up"),
    ("turn -x", "+x"),
    ("turn -y", "+y"),
    ("turn -z", "+z"),
)
COLUMNS = 5  # of an axis


class KeyMap(QWidget):
    """Words, key, bar, key, words: motions on the left, turns on the right; and the gripper."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        keys = {(axis, sign): key for key, (axis, sign) in MOTION_KEYS.items()}
        self.bars = tuple(_Bar(theme) for _ in AXES)
        self.gripper = QLabel()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(4)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for axis, (negative, positive) in enumerate(AXES):
            row, column = axis % 3, axis // 3 * COLUMNS
            grid.addWidget(_words(negative), row, column, right)
            grid.addWidget(_key(keys[axis, -1.0]), row, column + 1)
            grid.addWidget(self.bars[axis], row, column + 2)
            grid.addWidget(_key(keys[axis, 1.0]), row, column + 3)
            grid.addWidget(_words(positive), row, column + 4)
            grid.setColumnStretch(column + 2, 1)
        grid.addWidget(_words("gripper"), 3, 0, right)
        grid.addWidget(_key("space"), 3, 1, 1, 2, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self.gripper, 3, 3, 1, 2)

    def set_axes(self, axes: tuple[float, ...]) -> None:
        """Show how far each axis is steered, (6,) in [-1, 1]."""
        for bar, value in zip(self.bars, axes, strict=True):
            bar.set_value(value)

    def set_is_open(self, is_open: bool) -> None:
        """Show what the gripper is told."""
        self.gripper.setText("open" if is_open else "closed")


class _Bar(QWidget):
    """Grows from the middle."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.value = 0.0

    def sizeHint(self) -> QSize:
        return QSize(self._theme.text_px * 3, self._theme.text_px)

    def set_value(self, value: float) -> None:
        """Draw another value, in [-1, 1]."""
        if value != self.value:
            self.value = value
            self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        high = self._theme.text_px * 0.5
        top, middle = (self.height() - high) / 2, self.width() / 2
        painter.setBrush(QColor(self._theme.raised))
        painter.drawRoundedRect(QRectF(0, top, self.width(), high), 3, 3)
        long = max(-1.0, min(1.0, self.value)) * middle
        painter.setBrush(QColor(self._theme.accent))
        painter.drawRoundedRect(QRectF(min(middle, middle + long), top, abs(long), high), 3, 3)
        painter.setBrush(QColor(self._theme.muted))
        painter.drawRect(QRectF(middle - 1, top - 2, 2, high + 4))
        painter.end()


def _key(name: str) -> QLabel:
    label = QLabel(name)
    label.setProperty("role", "key")
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label


def _words(words: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("role", "muted")
    return label
