"""What Figures 4 and 5 draw, not how it looks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.training.benchmark.results import CurvePoint, Evaluation
from irevla.training.benchmark.summary.bars import ablation_bars
from irevla.training.benchmark.summary.curves import LINES, over_seeds, success_curves


def test_a_seed_that_ended_sooner_stays_where_it_was() -> None:
    """Seed 0 ends after 100 steps at the mean of 0 and 1, seed 1 stays at 1 up to 200."""
    points = [
        CurvePoint("irevla", 0, "a", 0, 0.0),
        CurvePoint("irevla", 0, "a", 100, 1.0),
        CurvePoint("irevla", 1, "a", 0, 1.0),
        CurvePoint("irevla", 1, "a", 200, 1.0),
    ]
    steps, rates = over_seeds(points)
    assert (steps[0], steps[-1]) == (0, 200)
    assert rates[0] == pytest.approx(np.minimum(steps / 200, 0.5))
    assert rates[1] == pytest.approx(np.ones(len(steps)))


def test_a_point_is_the_mean_of_four_updates() -> None:
    points = [CurvePoint("irevla", 0, "a", step, float(step >= 40)) for step in range(0, 60, 10)]
    steps, rates = over_seeds(points)
    assert np.interp([0, 30, 40, 50], steps, rates[0]) == pytest.approx([0.0, 0.0, 0.25, 0.5], abs=0.02)


def test_a_panel_a_task_and_a_line_a_method_that_was_run() -> None:
    points = [CurvePoint(method, 0, "a", steps, 0.5) for method in ("irevla", "ppo-scratch") for steps in (10, 20)]
    panels = [axes for axes in success_curves(points, ["a", "b"]).axes if axes.get_title()]
    assert [(panel.get_title(), len(panel.lines)) for panel in panels] == [("a", 2), ("b", 0)]
    assert panels[1].texts[0].get_text() == "not run"


@pytest.mark.parametrize("tasks", [1, 2, 3, 5])
def test_the_legend_of_all_lines_lies_within_the_picture(tasks: int) -> None:
    names = [f"task {number}" for number in range(tasks)]
    points = [CurvePoint(method, 0, name, steps, 0.5) for method in LINES for name in names for steps in (10, 20)]
    figure = success_curves(points, names)
    figure.draw_without_rendering()
    (legend,) = figure.legends
    edges, picture = legend.get_window_extent(), figure.bbox
    assert edges.x0 >= picture.x0 and edges.x1 <= picture.x1


def test_bars_are_the_pooled_rates(settings: BenchmarkSettings, evaluation: Callable[..., Evaluation]) -> None:
    rows = [
        evaluation(method, task, successes)
        for method, successes in (("irevla", 9), ("irevla-freeze", 6))
        for task in ("push-expert", "push-rl", "push-unseen")
    ]
    (axes,) = ablation_bars(settings, rows).axes
    assert [bar.get_height() for bar in axes.patches] == pytest.approx([0.6] * 3 + [0.9] * 3)
