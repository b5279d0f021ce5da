"""What Figures 4 and 5 draw, not how it looks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.training.benchmark.results import CurvePoint, Evaluation
from irevla.training.benchmark.summary.bars import ablation_bars
from irevla.training.benchmark.summary.curves import over_seeds, success_curves


def test_seeds_are_compared_at_the_same_steps() -> None:
    """Seed 0 rises from 0 to 1 over 0 to 100 steps, seed 1 stays at 1 up to 200; common are 0 to 100."""
    points = [
        CurvePoint("irevla", 0, "a", 0, 0.0),
        CurvePoint("irevla", 0, "a", 100, 1.0),
        CurvePoint("irevla", 1, "a", 0, 1.0),
        CurvePoint("irevla", 1, "a", 200, 1.0),
    ]
    steps, rates = over_seeds(points)
    assert (steps[0], steps[-1]) == (0, 100)
    assert rates[0] == pytest.approx(np.linspace(0, 1, len(steps)))
    assert rates[1] == pytest.approx(np.ones(len(steps)))


def test_a_panel_a_task_and_a_line_a_method_that_was_run() -> None:
    points = [CurvePoint(method, 0, "a", steps, 0.5) for method in ("irevla", "ppo-scratch") for steps in (10, 20)]
    panels = [axes for axes in success_curves(points, ["a", "b"]).axes if axes.get_title()]
    assert [(panel.get_title(), len(panel.lines)) for panel in panels] == [("a", 2), ("b", 0)]
    assert panels[1].texts[0].get_text() == "not run"


def test_bars_are_the_pooled_rates(settings: BenchmarkSettings, evaluation: Callable[..., Evaluation]) -> None:
    rows = [
        evaluation(method, task, successes)
        for method, successes in (("irevla", 9), ("irevla-freeze", 6))
        for task in ("push-expert", "push-rl", "push-unseen")
    ]
    (axes,) = ablation_bars(settings, rows).axes
    assert [bar.get_height() for bar in axes.patches] == pytest.approx([0.6] * 3 + [0.9] * 3)
