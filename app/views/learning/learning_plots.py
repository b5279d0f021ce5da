"""Six plots over the same minutes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyqtgraph
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QFont
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from irevla.app.models.learning.learning_history import LEARNER, Curves
from irevla.app.models.learning.series import Rows
from irevla.app.views.theme import Theme

SPANS = {"everything": None, "last 30 minutes": 30.0, "last 5 minutes": 5.0}
MARGIN = 0.05
NOWHERE = (0.0, 0.0)
SHORTEST, GROWTH = 10.0, 1.25  # minutes that the whole time is shown over at first, and how it gets longer
LEAST_SPANS = {"interventions": 0.2, "updates_per_s": 10.0}  # of the axis, which begins at zero


class LearningPlots(QWidget):
    """Wheel and drag zoom all plots along the minutes; the list below does the same from the keyboard."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._plots: list[Any] = []
        self._lines: dict[str, Any] = {}
        self._newest, self._q_mean = 0.0, np.empty(0)
        self._range = self._minutes = NOWHERE  # shown: of Q, and of time
        self._is_free = False  # a person has zoomed with the wheel
        self._canvas = pyqtgraph.GraphicsLayoutWidget()
        self.span = QComboBox()
        self.span.addItems(list(SPANS))
        self.span.setToolTip("Which minutes the plots show; wheel and drag zoom freely")
        self.span.activated.connect(self._on_span)
        self._make_plots()
        for number in range(3):  # as wide as each other, whatever their numbers need
            self._canvas.ci.layout.setColumnPreferredWidth(number, 100)
            self._canvas.ci.layout.setColumnStretchFactor(number, 1)
        note = QLabel("band: 95 % interval; grey: what Q can be")
        note.setProperty("role", "muted")
        foot = QHBoxLayout()
        label = QLabel("&show")
        label.setBuddy(self.span)
        foot.addWidget(label)
        foot.addWidget(self.span)
        foot.addStretch()
        foot.addWidget(note)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._canvas, stretch=1)
        column.addLayout(foot)

    def set_curves(self, curves: Curves) -> None:
        """Show these numbers."""
        minutes = curves.learner[:, 0]
        for index, name in enumerate(LEARNER, start=1):
            self._lines[name].setData(minutes, curves.learner[:, index])
        for index, name in enumerate(("rate", "low", "high", "interventions"), start=1):
            self._lines[name].setData(curves.episodes[:, 0], curves.episodes[:, index])
        self._newest = float(minutes[-1]) if len(minutes) else 0.0
        self._q_mean = curves.learner[:, 1 + LEARNER.index("q_mean")]
        self._fit_q()
        self._zoom()

    def line(self, name: str) -> Rows:
        """Return what a curve shows, shape (2, points)."""
        return np.array(self._lines[name].getData())

    def _make_plots(self) -> None:
        theme = self._theme
        success = self._plot(0, 0, (("success", theme.good), ("mean Q", theme.warn)), "")
        self._shade(success)
        self._line(success, "rate", theme.good)
        self._line(success, "q_mean", theme.warn)
        losses = self._plot(0, 1, (("critic", theme.accent), ("actor", theme.warn), ("BC", theme.text)), "loss")
        self._line(losses, "critic_loss", theme.accent)
        self._line(losses, "actor_loss", theme.warn)
        self._line(losses, "bc_loss", theme.text)
        for row, column, name, words in (
            (1, 0, "interventions", "a person's share"),
            (1, 1, "updates_per_s", "updates per s"),
            (0, 2, "entropy", "entropy (nat)"),
            (1, 2, "temperature", "temperature"),
        ):
            plot = self._plot(row, column, ((words, theme.text),), "")
            self._line(plot, name, theme.accent)
            if name in LEAST_SPANS:
                plot.setLimits(yMin=-0.02 * LEAST_SPANS[name], minYRange=LEAST_SPANS[name])

    def _plot(self, row: int, column: int, names: tuple[tuple[str, str], ...], rest: str) -> Any:
        theme = self._theme
        plot = self._canvas.addPlot(row, column)
        words = [f"<span style='color:{colour}'>{name}</span>" for name, colour in names]
        plot.setTitle(", ".join(words) + f" {rest}", size=f"{theme.text_px}px", color=theme.muted)
        font = QFont()
        font.setPixelSize(round(0.85 * theme.text_px))
        for side in ("bottom", "left"):
            plot.getAxis(side).setTickFont(font)
            plot.getAxis(side).setTextPen(theme.muted)
            plot.getAxis(side).setStyle(maxTickLevel=0)
        plot.getAxis("left").setWidth(3 * theme.text_px)
        plot.showGrid(x=True, y=True, alpha=0.15)
        if row == 1:
            plot.setLabel("bottom", "minutes", color=theme.muted)
        if self._plots:
            plot.setXLink(self._plots[0])
        plot.getViewBox().sigRangeChangedManually.connect(self._on_wheel)
        self._plots.append(plot)
        return plot

    def _shade(self, plot: Any) -> None:
        possible = QColor(self._theme.muted)
        possible.setAlpha(28)
        edge = pyqtgraph.mkPen(self._theme.muted, style=Qt.PenStyle.DotLine)
        region = pyqtgraph.LinearRegionItem((0.0, 1.0), "horizontal", brush=possible, pen=edge, movable=False)
        plot.addItem(region, ignoreBounds=True)
        band = QColor(self._theme.good)
        band.setAlpha(60)
        for name in ("low", "high"):
            self._lines[name] = plot.plot(pen=pyqtgraph.mkPen(QColor(0, 0, 0, 0)))
        plot.addItem(pyqtgraph.FillBetweenItem(self._lines["low"], self._lines["high"], brush=band))

    def _line(self, plot: Any, name: str, colour: str) -> None:
        line = plot.plot(pen=pyqtgraph.mkPen(colour, width=2), connect="finite")
        # Segment by segment: a noisy path of that width takes Qt five times as long to draw, and stalls the window.
        line.curve.setSegmentedLineMode("on")
        self._lines[name] = line

    def _fit_q(self) -> None:
        """Show 0 to 1 always, and Q wherever it goes."""
        known = self._q_mean[np.isfinite(self._q_mean)]
        low, high = float(np.min(known, initial=0.0)) - MARGIN, float(np.max(known, initial=1.0)) + MARGIN
        if (low, high) != self._range:
            self._range = low, high
            self._plots[0].setYRange(low, high, padding=0)

    def _on_span(self) -> None:
        """Go back to what the list says, whatever the wheel did."""
        self._is_free, self._minutes, self._range = False, NOWHERE, NOWHERE
        for plot in self._plots[1:]:
            plot.enableAutoRange(axis="y")
        self._fit_q()
        self._zoom()

    def _on_wheel(self) -> None:
        self._is_free = True

    def _zoom(self) -> None:
        """Follow the newest minute in steps: axes that moved with every point would be drawn anew with every point."""
        if self._is_free:
            return
        span = SPANS[self.span.currentText()]
        if span is None:
            steps = math.ceil(math.log(max(self._newest, SHORTEST) / SHORTEST, GROWTH))
            minutes = 0.0, SHORTEST * GROWTH**steps
        else:
            end = math.ceil(10.0 * self._newest / span) * span / 10.0
            minutes = end - span, end
        if minutes != self._minutes:
            self._minutes = minutes
            self._plots[0].setXRange(*minutes, padding=0)
