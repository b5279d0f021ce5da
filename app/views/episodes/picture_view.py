"""One camera's picture, as large as there is room for, or why there is none."""

from __future__ import annotations

from PyQt6.QtCore import QPoint, QRect, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PyQt6.QtWidgets import QSizePolicy, QWidget

from irevla.app.models.episodes.playback import CameraPicture
from irevla.app.views.theme import Theme

DAMAGED = "this picture is damaged"
MARGIN_PX = 8


class PictureView(QWidget):
    """Keeps the picture's shape."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pixmap = QPixmap()
        self._camera, self.words = "", ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(80, 60)

    def set_picture(self, shown: CameraPicture) -> None:
        """Show a picture; while the next one is loading, the last one stays."""
        self._camera, self.words = shown.camera, shown.words
        if shown.picture:
            self._pixmap = QPixmap()
            if not self._pixmap.loadFromData(shown.picture):
                self.words = DAMAGED
        self.setAccessibleName(f"{shown.camera} camera {self.words}".strip())
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._pixmap, self._camera, self.words = QPixmap(), "", ""
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """See QWidget."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area, corner = self.rect(), self.rect().topLeft()
        if self._pixmap.isNull():
            painter.fillRect(area, QColor(self._theme.raised))
        else:
            size = self._pixmap.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRect(0, 0, size.width(), size.height())
            target.moveCenter(area.center())
            painter.drawPixmap(target, self._pixmap)
            corner = target.topLeft()
        if self.words:
            if not self._pixmap.isNull():
                shade = QColor(self._theme.background)
                shade.setAlphaF(0.7)
                painter.fillRect(area, shade)
            painter.setPen(QColor(self._theme.text))
            inner = area.adjusted(MARGIN_PX, MARGIN_PX, -MARGIN_PX, -MARGIN_PX)
            painter.drawText(inner, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self.words)
        if self._camera:
            self._draw_name(painter, corner)

    def _draw_name(self, painter: QPainter, corner: QPoint) -> None:
        box = painter.fontMetrics().boundingRect(self._camera).adjusted(-6, -2, 6, 2)
        box.moveTopLeft(corner)
        shade = QColor(self._theme.surface)
        shade.setAlphaF(0.75)
        painter.fillRect(box, shade)
        painter.setPen(QColor(self._theme.text))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), self._camera)
