"""`irevla bench report`: one HTML page about a results folder, finished or not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def report(
    results: Annotated[Path, typer.Argument(help="folder of the results, as given to irevla bench table1")],
    out: Annotated[Path | None, typer.Option(help="the page [default: report.html in that folder]")] = None,
) -> None:
    """Build one page that stands alone from the logs: table, claims, curves, bars, times, and what is missing."""
    from irevla.training.benchmark.experiment import Experiment
    from irevla.training.benchmark.summary.report import Report

    experiment = Experiment.open(results.absolute())
    page = (out or experiment.folder / "report.html").absolute()
    Report(experiment).write(page)
    typer.echo(f"report: {page}")
