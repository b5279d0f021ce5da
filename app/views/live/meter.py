"""A flat bar with words beside it."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from irevla.app.views.theme import Theme


class Meter(QWidget):
    """A share of a track; the words are right of it and turn red with it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._theme = theme
        self.level, self.words, self.is_bad = 0.0, "", False

    def set_bar(self, level: float, words: str, *, is_bad: bool = False) -> None:
        """Fill the bar to ``level`` (0 to 1)."""
        if (level, words, is_bad) != (self.level, self.words, self.is_bad):
            self.level, self.words, self.is_bad = level, words, is_bad
            self.update()

    def sizeHint(self) -> QSize:
        """See QWidget."""
        return QSize(7 * self._theme.text_px, round(1.5 * self._theme.text_px))

    def minimumSizeHint(self) -> QSize:
        """See QWidget."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """See QWidget."""
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        words_px = self.fontMetrics().horizontalAdvance("00.0 cm ")
        track = QRectF(0, 0, max(4, self.width() - words_px), round(0.55 * theme.text_px))
        track.moveTop((self.height() - track.height()) / 2)
        radius = track.height() / 2
        painter.setBrush(QColor(theme.raised))
        painter.drawRoundedRect(track, radius, radius)
        colour = QColor(theme.bad if self.is_bad else theme.accent)
        if self.level > 0:
            painter.setBrush(colour)
            track.setWidth(max(track.height(), track.width() * self.level))
            painter.drawRoundedRect(track, radius, radius)
        painter.setPen(colour if self.is_bad else QColor(theme.text))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.words)
        painter.end()
