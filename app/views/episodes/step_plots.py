"""Actions, the critic and who acted, over the steps of an episode; a line shows the step that is looked at."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPointF, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QWidget

from irevla.app.models.episodes.episode_curves import COMPONENTS, EpisodeCurves
from irevla.app.views.theme import Theme

PERIOD_MS = 100  # the line moves at most ten times a second
MANY_ROWS = 300  # from here on thin lines, for a thick one is slow to draw
NO_CRITIC = "no critic's estimate"
LEAST_HEIGHT = 4.0  # in heights of a text
WIDE = 0.15  # of the episode: a span with room for a word


class StepPlots(pg.GraphicsLayoutWidget):  # type: ignore[misc]
    """A click jumps to the step."""

    jump_requested = pyqtSignal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setBackground(theme.surface)
        self.setMinimumHeight(round(theme.text_px * LEAST_HEIGHT))
        self._theme = theme
        self._actors = {"policy": theme.accent, "person": theme.warn, "expert": theme.good}
        self._row = 0
        self._rows = 0
        self.ci.layout.setSpacing(2)
        self.ci.layout.setContentsMargins(0, 2, 0, 2)
        self.action_plot = self._plot(0, "action", (-1.1, 1.1), stretch=5)
        self.critic_plot = self._plot(1, "Q", (-0.08, 1.08), stretch=4)
        self.who_plot = self._plot(2, "", (0.0, 1.0), stretch=0)
        self.who_plot.setFixedHeight(round(theme.text_px * 1.4))
        self.who_plot.getAxis("left").setTicks([[]])
        self.lines = [pg.InfiniteLine(pen=pg.mkPen(theme.text, width=2)) for _ in self._plots]
        self._moved = QTimer(self)
        self._moved.setSingleShot(True)
        self._moved.setInterval(PERIOD_MS)
        self._moved.timeout.connect(self._move)
        self.scene().sigMouseClicked.connect(self._on_click)
        self.setToolTip(
            "Click to go to a step. Shaded: a person took over. Red marks: a limit changed the action.\n"
            "Strip: blue policy, yellow person, green expert"
        )

    def set_curves(self, curves: EpisodeCurves | None) -> None:
        """Draw another episode."""
        for plot in self._plots:
            plot.clear()
        self._rows = 0 if curves is None else len(curves.actions)
        if curves is None or not self._rows:
            return
        self._draw(curves)
        for plot, line in zip(self._plots, self.lines, strict=True):
            plot.addItem(line)
            plot.setXRange(-0.5, self._rows - 0.5, padding=0)
        self._move()

    def set_row(self, row: int) -> None:
        """Move the line, soon."""
        self._row = row
        if not self._moved.isActive():
            self._moved.start()

    @property
    def _plots(self) -> tuple[Any, ...]:
        return (self.action_plot, self.critic_plot, self.who_plot)

    def _plot(self, row: int, name: str, span: tuple[float, float], *, stretch: int) -> Any:
        plot = self.addPlot(row=row, col=0)
        plot.setMouseEnabled(x=False, y=False)
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setYRange(*span, padding=0)
        plot.hideAxis("bottom")
        axis = plot.getAxis("left")
        axis.setWidth(round(self._theme.text_px * 2.2))
        axis.setTicks([[(value, f"{value:g}") for value in (-1, 0, 1)]])
        title = pg.LabelItem(name, color=self._theme.muted, size=f"{self._theme.text_px}px")
        title.setParentItem(plot.vb)
        title.anchor((0, 0), (0, 0), offset=(4, -4))
        self.ci.layout.setRowStretchFactor(row, stretch)
        return plot

    def _draw(self, curves: EpisodeCurves) -> None:
        width = 2 if self._rows <= MANY_ROWS else 1
        self._shade(curves)
        for column, colour in zip(range(len(COMPONENTS)), self._theme.series, strict=True):
            self.action_plot.plot(curves.actions[:, column], pen=pg.mkPen(colour, width=width))
        if len(curves.limited_rows):
            at = np.full(len(curves.limited_rows), -1.0)
            mark = pg.ScatterPlotItem(curves.limited_rows, at, symbol="t1", size=9, brush=self._theme.bad, pen=None)
            self.action_plot.addItem(mark)
        if curves.has_critic:
            self.critic_plot.plot(curves.q_values, pen=pg.mkPen(self._theme.accent, width=width), connect="finite")
        else:
            words = pg.TextItem(NO_CRITIC, color=self._theme.muted, anchor=(0.5, 0.5))
            words.setPos((self._rows - 1) / 2, 0.5)
            self.critic_plot.addItem(words)

    def _shade(self, curves: EpisodeCurves) -> None:
        shade = QColor(self._theme.warn)
        shade.setAlphaF(0.22)
        for span in curves.spans:
            first, last = span.first - 0.5, span.last + 0.5
            colour = self._actors.get(span.actor, self._theme.muted)
            bar = pg.BarGraphItem(x0=[first], x1=[last], y0=[0.0], y1=[1.0], brush=colour, pen=None)
            self.who_plot.addItem(bar)
            if last - first >= WIDE * self._rows:
                words = pg.TextItem(span.actor, color=self._theme.on_colour, anchor=(0.5, 0.5))
                words.setPos((first + last) / 2, 0.5)
                self.who_plot.addItem(words)
            if span.is_intervention:
                for plot in (self.action_plot, self.critic_plot):
                    region = pg.LinearRegionItem((first, last), movable=False, brush=shade, pen=pg.mkPen(None))
                    plot.addItem(region)

    def _move(self) -> None:
        for line in self.lines:
            line.setPos(self._row)

    def _on_click(self, event: Any) -> None:
        if self._rows and event.button() == Qt.MouseButton.LeftButton:
            self.click(event.scenePos())

    def click(self, at: QPointF) -> None:
        """Go to the step under a point of the scene, whichever plot it lies in."""
        row = round(self.action_plot.vb.mapSceneToView(at).x())
        self.jump_requested.emit(max(0, min(row, self._rows - 1)))
