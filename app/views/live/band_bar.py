"""A rate on a scale from 0 to 1, in the band of what it may as well be."""

from __future__ import annotations

import math

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from irevla.app.views.theme import Theme


class BandBar(QWidget):
    """The band is wide while there are few episodes; the mark in it is the rate itself."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._theme = theme
        self.rate, self.low, self.high = math.nan, 0.0, 1.0

    def set_band(self, rate: float, low: float, high: float) -> None:
        """Show a rate, NaN for none yet, and its interval."""
        self.rate, self.low, self.high = rate, low, high
        self.update()

    def sizeHint(self) -> QSize:
        """See QWidget."""
        return QSize(8 * self._theme.text_px, round(1.2 * self._theme.text_px))

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """See QWidget."""
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(self.rect()).adjusted(0, 2, 0, -2)
        painter.setBrush(QColor(theme.raised))
        painter.drawRoundedRect(track, 4, 4)
        if not math.isnan(self.rate):
            band = QColor(theme.good)
            band.setAlphaF(0.4)
            painter.setBrush(band)
            left = track.width() * self.low
            painter.drawRoundedRect(QRectF(left, track.top(), track.width() * self.high - left, track.height()), 4, 4)
            painter.setBrush(QColor(theme.good))
            middle = min(track.width() - 3, max(3.0, track.width() * self.rate))
            painter.drawRoundedRect(QRectF(middle - 3, 0, 6, self.height()), 3, 3)
        painter.end()
