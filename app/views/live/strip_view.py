"""The running episode as curves: what the critic thinks, how surprised the policy is, who acted, what was limited."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from irevla.app.models.episode_strip import StripCurves
from irevla.app.views.theme import Theme

Q_TIP = "Q(s, a): the critic's estimate, from 0 to 1, that this episode ends in a success"
SURPRISE_TIP = (
    "surprise -log π(a|s) of the action taken, in nat: an estimate of the policy's entropy from one sample, so look at "
    "its level over some steps and not at a single one; where the policy takes its mean it says less"
)
PERSON_TIP = "steps in which a person had taken over"
LIMITED_TIP = "steps whose command a limit has changed"


class StripView(QFrame):
    """Shows StripState; cheap enough for ten times a second."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._theme = theme
        self._plots = pg.GraphicsLayoutWidget()
        self._plots.setFrameShape(QFrame.Shape.NoFrame)
        self._plots.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._plots.ci.layout.setContentsMargins(0, 0, 0, 0)
        self._plots.ci.layout.setVerticalSpacing(2)
        self._q_plot, self._surprise_plot = self._plot(0), self._plot(1)
        self._q_plot.setYRange(0.0, 1.0, padding=0.1)
        self._q_plot.getAxis("left").setTicks([[(0.0, "0"), (0.5, ".5"), (1.0, "1")]])
        self._q_plot.getAxis("left").setStyle(hideOverlappingLabels=False)
        self._q_plot.getAxis("bottom").setStyle(showValues=False)
        self._surprise_plot.setXLink(self._q_plot)
        self.q = self._q_plot.plot(pen=pg.mkPen(theme.accent, width=2.5), connect="finite")
        self.surprise = self._surprise_plot.plot(pen=pg.mkPen(theme.good, width=2), connect="finite")
        self.person = [self._bars(plot) for plot in (self._q_plot, self._surprise_plot)]
        self.limited = pg.ScatterPlotItem(symbol="t1", size=9, brush=theme.bad, pen=None)
        self._q_plot.addItem(self.limited)
        self.empty = QLabel()
        self.empty.setProperty("role", "card")
        self.empty.setMargin(6)
        QVBoxLayout(self._plots).addWidget(self.empty, alignment=Qt.AlignmentFlag.AlignCenter)
        self._arrange()

    def set_curves(self, curves: StripCurves) -> None:
        """Draw everything anew."""
        self.q.setData(curves.steps, curves.q)
        self.surprise.setData(curves.steps, curves.surprise)
        self.limited.setData(curves.limited, np.full(len(curves.limited), 0.03))
        top = float(np.nanmax(curves.surprise, initial=1.0))
        low = float(np.nanmin(curves.surprise, initial=0.0))
        self._surprise_plot.setYRange(low, top, padding=0.05)
        for bars, bottom, height in zip(self.person, (0.0, low), (1.0, top - low), strict=True):
            bars.setOpts(x0=curves.person - 0.5, width=np.ones(len(curves.person)), y0=bottom, height=height)

    def set_max_steps(self, steps: int) -> None:
        """Show the whole episode's width."""
        self._q_plot.setXRange(0, steps, padding=0.01)

    def set_empty(self, words: str) -> None:
        """Say why there are no curves, "" when there are."""
        self.empty.setText(words)
        self.empty.setVisible(bool(words))

    def _plot(self, row: int) -> pg.PlotItem:
        plot = self._plots.addPlot(row=row, col=0)
        plot.setMouseEnabled(x=False, y=False)
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.showGrid(x=True, y=True, alpha=0.15)
        font = self.font()
        font.setPixelSize(round(0.8 * self._theme.text_px))
        for side in ("left", "bottom"):
            plot.getAxis(side).setStyle(tickFont=font)
        plot.getAxis("left").setWidth(round(2.2 * self._theme.text_px))
        return plot

    def _bars(self, plot: pg.PlotItem) -> pg.BarGraphItem:
        colour = QColor(self._theme.warn)
        colour.setAlphaF(0.3)
        bars = pg.BarGraphItem(x0=[], width=[], y0=0.0, height=1.0, brush=colour, pen=None)
        bars.setZValue(-1)
        plot.addItem(bars)
        return bars

    def _arrange(self) -> None:
        theme = self._theme
        legend = QHBoxLayout()
        legend.setSpacing(10)
        for mark, words, colour, tip in (
            ("━", "Q(s, a)", theme.accent, Q_TIP),
            ("━", "surprise", theme.good, SURPRISE_TIP),
            ("■", "person", theme.warn, PERSON_TIP),
            ("▲", "limited", theme.bad, LIMITED_TIP),
        ):
            label = QLabel(f'<span style="color: {colour}">{mark}</span> {words}')
            label.setTextFormat(Qt.TextFormat.RichText)
            label.setProperty("role", "small")
            label.setToolTip(tip)
            legend.addWidget(label)
        legend.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 8, 4)
        column.setSpacing(2)
        column.addLayout(legend)
        column.addWidget(self._plots, stretch=1)
