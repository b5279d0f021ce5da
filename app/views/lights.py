"""State lights: a shape as well as a colour, for not everybody tells red from green."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

from irevla.app.views.theme import Theme

SHARPNESS = 2  # pixels a point, for screens of many


def light_colour(light: str, theme: Theme) -> QColor:
    """Return the colour of "good", "warn", "bad", "unknown" or "note"."""
    colours = {"good": theme.good, "warn": theme.warn, "bad": theme.bad}
    return QColor(colours.get(light, theme.muted))


def light_pixmap(light: str, theme: Theme, side_px: int) -> QPixmap:
    """Draw a light: a disc with a tick, a square with a cross, a triangle, an empty ring, or a dot."""
    pixmap = QPixmap(side_px * SHARPNESS, side_px * SHARPNESS)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(side_px * SHARPNESS / 16, side_px * SHARPNESS / 16)
    colour, mark = light_colour(light, theme), QPen(QColor(theme.on_colour), 2.0)
    mark.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    if light == "good":
        painter.drawEllipse(QRectF(1, 1, 14, 14))
        painter.setPen(mark)
        painter.drawPolyline(QPolygonF([QPointF(4.5, 8.2), QPointF(7, 10.7), QPointF(11.5, 5.6)]))
    elif light == "bad":
        painter.drawRoundedRect(QRectF(1, 1, 14, 14), 3, 3)
        painter.setPen(mark)
        painter.drawLine(QPointF(5, 5), QPointF(11, 11))
        painter.drawLine(QPointF(11, 5), QPointF(5, 11))
    elif light == "warn":
        painter.drawPolygon(QPolygonF([QPointF(8, 1), QPointF(15.5, 15), QPointF(0.5, 15)]))
        painter.setPen(mark)
        painter.drawLine(QPointF(8, 6), QPointF(8, 9.5))
        painter.drawPoint(QPointF(8, 12.5))
    elif light == "unknown":
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 2.0, Qt.PenStyle.DotLine))
        painter.drawEllipse(QRectF(2, 2, 12, 12))
    else:
        painter.drawEllipse(QRectF(5.5, 5.5, 5, 5))
    painter.end()
    pixmap.setDevicePixelRatio(SHARPNESS)
    return pixmap


class Lights:
    """Every light in one size, drawn once."""

    def __init__(self, theme: Theme, side_px: int) -> None:
        names = ("good", "warn", "bad", "unknown", "note")
        self._pixmaps = {name: light_pixmap(name, theme, side_px) for name in names}
        self._icons = {name: QIcon(pixmap) for name, pixmap in self._pixmaps.items()}

    def pixmap(self, light: str) -> QPixmap:
        """Return a light for a label."""
        return self._pixmaps[light]

    def icon(self, light: str) -> QIcon:
        """Return a light for a table."""
        return self._icons[light]
