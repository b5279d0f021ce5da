"""Figure 4's layout: success against decisions, one panel an RL task, three lines with a band over the seeds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from irevla.training.benchmark.results import CurvePoint

LINES = {
    "irevla": ("iRe-VLA (PPO on the head)", "#4c72b0"),
    "ppo-replay": ("PPO-Replay (PPO on the whole model)", "#dd8452"),
    "ppo-scratch": ("PPO from scratch", "#55a868"),
}
COLUMNS = 5
GRID = 60
UPDATES = 4  # one of sixteen episodes alone is mostly chance


def success_curves(points: Sequence[CurvePoint], tasks: Sequence[str]) -> Figure:
    """Return the figure; a line without points is left out, a panel without any says so."""
    columns = min(COLUMNS, len(tasks))
    rows = -(-len(tasks) // columns)
    figure = Figure(figsize=(2.9 * columns + 0.3, 2.5 * rows + 0.7), layout="constrained")
    panels = figure.subplots(rows, columns, sharey=True, squeeze=False).flat
    shown = {}
    for panel, task in zip(panels, tasks, strict=False):
        panel.set_title(task, fontsize=10)
        panel.set_ylim(-0.03, 1.03)
        panel.grid(alpha=0.25)
        for method, (title, colour) in LINES.items():
            own = [point for point in points if (point.method, point.task) == (method, task)]
            if not own:
                continue
            steps, rates = over_seeds(own)
            (shown[title],) = panel.plot(steps, rates.mean(0), color=colour, linewidth=1.6)
            if len(rates) > 1:
                panel.fill_between(steps, rates.min(0), rates.max(0), color=colour, alpha=0.18, linewidth=0)
        if not panel.lines:
            panel.text(0.5, 0.5, "not run", transform=panel.transAxes, ha="center", color="#888888")
    for panel in list(panels)[len(tasks) :]:
        panel.set_axis_off()
    figure.supxlabel("decisions in the environment", fontsize=10)
    figure.supylabel("success while exploring, four updates", fontsize=10)
    figure.legend(shown.values(), shown.keys(), frameon=False, ncols=columns, loc="outside upper center", fontsize=9)
    return figure


def over_seeds(points: Sequence[CurvePoint]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return steps ``(G,)`` for all seeds and each seed's success there ``(seeds, G)``, linear in between.

    A seed's success is the mean of its last four updates. One whose stage 1 ended sooner than others', its task solved,
    stays at its last value.
    """
    by_seed = {seed: [point for point in points if point.seed == seed] for seed in {point.seed for point in points}}
    last = max(point.env_steps for point in points)
    first = max(min(point.env_steps for point in own) for own in by_seed.values())
    steps = np.linspace(min(first, last), last, GRID)
    rates = [
        np.interp(steps, [point.env_steps for point in own], _trailing([point.success_rate for point in own]))
        for _, own in sorted(by_seed.items())
    ]
    return steps, np.array(rates)


def _trailing(rates: Sequence[float]) -> list[float]:
    """Return the mean of each value and those up to three before it."""
    return [float(np.mean(rates[max(0, end - UPDATES) : end])) for end in range(1, len(rates) + 1)]
