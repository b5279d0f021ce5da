"""Table, verdict and figures as files beside an experiment's results."""

from __future__ import annotations

from collections.abc import Sequence

from irevla.training.benchmark.experiment import Experiment
from irevla.training.benchmark.results import gather_curves, gather_evaluations
from irevla.training.benchmark.summary.bars import ablation_bars
from irevla.training.benchmark.summary.curves import success_curves
from irevla.training.benchmark.summary.table import Table
from irevla.training.benchmark.summary.verdict import Claim, judge

DPI = 130


def write_summary(experiment: Experiment) -> tuple[Table, list[Claim]]:
    """Write results.jsonl, table.md, figure4.png and figure5.png of what is there, and return table and claims."""
    settings, folder = experiment.settings, experiment.folder
    evaluations, points = gather_evaluations(experiment), gather_curves(experiment)
    table, claims = Table.of(settings, evaluations), judge(settings, evaluations)
    (folder / "table.md").write_text(f"{table.markdown()}\n{_as_list(claims)}\n", encoding="utf-8")
    if points:
        success_curves(points, settings.rl_tasks).savefig(folder / "figure4.png", dpi=DPI)
    if evaluations:
        ablation_bars(settings, evaluations).savefig(folder / "figure5.png", dpi=DPI)
    return table, claims


def _as_list(claims: Sequence[Claim]) -> str:
    lines = []
    for claim in claims:
        first, *rest = claim.lines()
        lines += [f"- {first}", *(f"  - {line.strip()}" for line in rest)]
    return "\n".join(lines)
