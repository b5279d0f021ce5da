"""A success rate as a bar from 0 to 1, with its 95 % interval."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from irevla.app.graph.records import Evaluation
from irevla.app.models.success_band import SuccessBand
from irevla.app.views.theme import Theme


class SuccessBar(QWidget):
    """The bar is the rate, the thin line across it the interval."""

    def __init__(self, theme: Theme, evaluation: Evaluation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._evaluation = theme, evaluation
        self.setToolTip(f"{evaluation.task}: {SuccessBand(evaluation.successes, evaluation.episodes).words}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """See QWidget."""
        return QSize(4 * self._theme.text_px, round(0.9 * self._theme.text_px))

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """See QWidget."""
        theme, evaluation = self._theme, self._evaluation
        width, height = float(self.width()), float(self.height())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.raised))
        painter.drawRoundedRect(QRectF(0, 0, width, height), 3, 3)
        if evaluation.episodes:
            low, high = SuccessBand(evaluation.successes, evaluation.episodes).interval
            painter.setBrush(QColor(theme.accent))
            painter.drawRoundedRect(QRectF(0, 0, width * evaluation.successes / evaluation.episodes, height), 3, 3)
            painter.setPen(QPen(QColor(theme.text), 2))
            middle, tick = round(height / 2), round(height / 4)
            left, right = round(low * (width - 2)) + 1, round(high * (width - 2)) + 1
            painter.drawLine(left, middle, right, middle)
            for end in (left, right):
                painter.drawLine(end, middle - tick, end, middle + tick)
        painter.end()
