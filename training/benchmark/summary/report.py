"""One self-contained HTML file about an experiment; what was not run is named, not guessed."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import yaml
from jinja2 import Environment, PackageLoader

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.training.algorithm1.method import COMPARED
from irevla.training.benchmark.experiment import Experiment
from irevla.training.benchmark.jobs.job_folder import JobFolder
from irevla.training.benchmark.json_lines import read_lines
from irevla.training.benchmark.results import Evaluation, gather_curves, gather_evaluations
from irevla.training.benchmark.summary.bars import ablation_bars
from irevla.training.benchmark.summary.curves import success_curves
from irevla.training.benchmark.summary.method_titles import METHOD_TITLES
from irevla.training.benchmark.summary.picture import as_data_uri, file_uri
from irevla.training.benchmark.summary.table import LEGEND, Table, cell
from irevla.training.benchmark.summary.verdict import judge

CONTACT_SHEETS = ("contact-sheet.webp", "contact-sheet.png")


@dataclass(frozen=True)
class JobRow:
    """One line of the list of jobs."""

    name: str
    state: str
    wall_s: float
    note: str


@dataclass(frozen=True)
class Report:
    """An experiment's page."""

    experiment: Experiment

    def write(self, path: Path) -> None:
        """Render the report to ``path``."""
        settings = self.experiment.settings
        evaluations = gather_evaluations(self.experiment)
        points = gather_curves(self.experiment)
        page = Environment(loader=PackageLoader("irevla.training", "benchmark/summary"), autoescape=True).get_template(
            "report.html.jinja"
        )
        draft = path.with_suffix(".part")
        draft.write_text(
            page.render(
                settings=settings,
                table=Table.of(settings, evaluations),
                legend=LEGEND,
                claims=judge(settings, evaluations),
                curves=as_data_uri(success_curves(points, settings.rl_tasks)) if points else "",
                bars=as_data_uri(ablation_bars(settings, evaluations)) if evaluations else "",
                details=_details(settings, evaluations),
                methods={one.method: METHOD_TITLES[one.method] for one in evaluations},
                sheet=self._contact_sheet(),
                jobs=[_job_row(folder) for folder in self.experiment.jobs()],
                missing=self._missing(),
                machine=f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
                version=version("irevla"),
                settings_hash=settings.hash(),
                configuration=yaml.safe_dump(settings.model_dump(mode="json"), sort_keys=False),
            ),
            encoding="utf-8",
        )
        draft.replace(path)

    def _contact_sheet(self) -> str:
        found = [self.experiment.folder / name for name in CONTACT_SHEETS if (self.experiment.folder / name).exists()]
        return file_uri(found[0]) if found else ""

    def _missing(self) -> list[str]:
        """Name the methods that no job was begun for, and the jobs that did not come to their end."""
        folders = [folder for folder in self.experiment.jobs() if folder.spec().kind == "method"]
        begun = {folder.spec().method for folder in folders}
        never = [METHOD_TITLES[method] for method in COMPARED if method not in begun]
        return [
            *(f"{title}: not run" for title in never),
            *(f"{folder.name}: not finished; log: {folder.log}" for folder in folders if folder.result() is None),
            *([] if self._contact_sheet() else [f"contact sheet: not there; {self._sheet_command()} draws it"]),
        ]

    def _sheet_command(self) -> str:
        path = self.experiment.folder / CONTACT_SHEETS[0]
        return f"`irevla bench sheet {self.experiment.settings.suite} --out {path}`"


def _job_row(folder: JobFolder) -> JobRow:
    result = folder.result()
    lines = read_lines(folder.progress)
    share = lines[-1]["fraction"] if lines else 0.0
    state = "done" if result is not None else f"not finished, {share:.0%}"
    return JobRow(folder.name, state, folder.wall_s(), str((result or {}).get("note", "")))


def _details(settings: BenchmarkSettings, evaluations: Sequence[Evaluation]) -> list[tuple[str, str, list[str]]]:
    """Return kind, task and each method's rate on it, seeds together."""
    methods = dict.fromkeys(one.method for one in evaluations)
    rows: list[tuple[str, str, list[str]]] = []
    for kind, tasks in settings.tasks.items():
        for task in tasks:
            cells = [cell([one for one in evaluations if one.method == method], (task,)) for method in methods]
            rows.append((kind, task, ["–" if found is None else str(found) for found in cells]))
    return rows
