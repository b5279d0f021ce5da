"""Figure 5: what freezing the VLM in both stages costs, by kind of task."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.training.benchmark.results import Evaluation
from irevla.training.benchmark.summary.method_titles import METHOD_TITLES
from irevla.training.benchmark.summary.table import cell

COLOURS = {"sft": "#b0b0b0", "irevla-freeze": "#8c6bb1", "irevla": "#4c72b0"}


def ablation_bars(settings: BenchmarkSettings, evaluations: Sequence[Evaluation]) -> Figure:
    """Return bars with Wilson 95 % whiskers; a method that was not run has none."""
    places = {
        f"expert, {len(settings.expert_tasks)} tasks": settings.expert_tasks,
        f"RL-trained, {len(settings.rl_tasks)} tasks": settings.rl_tasks,
        f"unseen, {len(settings.unseen_tasks)} tasks": settings.unseen_tasks,
    }
    figure = Figure(figsize=(7.2, 3.2), layout="constrained")
    axes = figure.subplots()
    for offset, (method, colour) in enumerate(COLOURS.items()):
        own = [evaluation for evaluation in evaluations if evaluation.method == method]
        cells = {index: cell(own, tasks) for index, tasks in enumerate(places.values())}
        drawn = {index + (offset - 1) * 0.27: found.rate for index, found in cells.items() if found is not None}
        axes.bar(list(drawn), [rate.rate for rate in drawn.values()], 0.25, color=colour, label=METHOD_TITLES[method])
        for x, rate in drawn.items():
            axes.vlines(x, *rate.interval, color="#333333", linewidth=1.2)
    axes.set_xticks(range(len(places)), list(places))
    axes.set_xlim(-0.55, len(places) - 0.45)
    axes.set_ylim(0, 1.02)
    axes.set_ylabel("success rate")
    figure.legend(frameon=False, ncols=3, loc="outside upper center")
    return figure
