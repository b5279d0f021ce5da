"""The shift as one bar, with the time of day under it and what its colours mean."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QRectF, QSize, Qt
from PyQt6.QtGui import QBrush, QColor, QHelpEvent, QPainter, QPaintEvent, QPixmap
from PyQt6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from irevla.app.models.shift.page_state import Timeline
from irevla.app.models.shift.record import Use
from irevla.app.views.theme import Theme

LEGEND_COLUMNS = 4


def use_brush(use: Use, theme: Theme) -> QBrush:
    """Return what a stretch is filled with; a silent node is hatched, so it differs from a hold without colour too."""
    colours = {
        "run": theme.good,
        "reset": theme.accent,
        "label": theme.warn,
        "idle": theme.border,
        "held": theme.bad,
        "silent": theme.bad,
        "away": theme.raised,
    }
    pattern = Qt.BrushStyle.BDiagPattern if use == "silent" else Qt.BrushStyle.SolidPattern
    return QBrush(QColor(colours[use]), pattern)


class TimelineBar(QWidget):
    """The bar itself."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._timeline = Timeline((), (), ())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("timeline of the shift")

    def set_timeline(self, timeline: Timeline) -> None:
        """Show another shift."""
        self._timeline = timeline
        self.update()

    def sizeHint(self) -> QSize:
        """See QWidget."""
        return QSize(400, 5 * self._theme.text_px)

    def words_at(self, x_px: float) -> str:
        """Return what happened there."""
        place = x_px / max(1, self.width())
        return next((bar.words for bar in self._timeline.bars if bar.start <= place < bar.end), "")

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """See QWidget."""
        painter = QPainter(self)
        wide_px, text_px = self.width(), self._theme.text_px
        high_px = self.height() - 1.7 * text_px
        painter.fillRect(QRectF(0, 0, wide_px, high_px), QColor(self._theme.raised))
        brushes = {use: use_brush(use, self._theme) for use in {bar.segment.use for bar in self._timeline.bars}}
        for bar in self._timeline.bars:
            # at least half a pixel, so that a short hold is not lost in a long shift
            stretch = QRectF(bar.start * wide_px, 0, max(0.5, (bar.end - bar.start) * wide_px), high_px)
            painter.fillRect(stretch, brushes[bar.segment.use])
        painter.setPen(QColor(self._theme.muted))
        for place, words in self._timeline.ticks:
            x_px = place * wide_px
            painter.drawLine(round(x_px), round(high_px), round(x_px), round(high_px + 4))
            left = min(max(0.0, x_px - 3 * text_px), wide_px - 6 * text_px)
            painter.drawText(
                QRectF(left, high_px + 4, 6 * text_px, 1.4 * text_px), Qt.AlignmentFlag.AlignHCenter, words
            )
        painter.end()

    def event(self, event: QEvent | None) -> bool:
        """Show what happened under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.words_at(event.pos().x()), self)
            return True
        return super().event(event)


class ShiftTimeline(QWidget):
    """The bar and its legend."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.bar = TimelineBar(theme)
        self.legend: list[tuple[QLabel, QLabel]] = []
        self._swatches: dict[Use, QPixmap] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.text_px)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.bar)
        layout.addLayout(self._grid)
        self._grid.setColumnStretch(2 * LEGEND_COLUMNS, 1)

    def set_timeline(self, timeline: Timeline) -> None:
        """Show another shift."""
        self.bar.set_timeline(timeline)
        while len(self.legend) < len(timeline.legend):
            row, column = divmod(len(self.legend), LEGEND_COLUMNS)
            pair = QLabel(), QLabel()
            self._grid.addWidget(pair[0], row, 2 * column)
            self._grid.addWidget(pair[1], row, 2 * column + 1)
            self.legend.append(pair)
        for number, (swatch, label) in enumerate(self.legend):
            is_used = number < len(timeline.legend)
            swatch.setVisible(is_used)
            label.setVisible(is_used)
            if is_used:
                use, words = timeline.legend[number]
                swatch.setPixmap(self._swatch(use))
                label.setText(words)

    def _swatch(self, use: Use) -> QPixmap:
        """Return the picture of a use, drawn once: Qt keeps each new one a label is given, up to 10 MB of them."""
        if use not in self._swatches:
            pixmap = QPixmap(self._theme.text_px, self._theme.text_px)
            pixmap.fill(QColor(self._theme.surface))
            painter = QPainter(pixmap)
            painter.fillRect(pixmap.rect(), use_brush(use, self._theme))
            painter.end()
            self._swatches[use] = pixmap
        return self._swatches[use]
