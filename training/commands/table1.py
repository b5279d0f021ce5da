"""`irevla bench table1`: the paper's comparison in simulation, from demonstrations to the table."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from irevla.config.benchmark.scales import load_benchmark
from irevla.config.errors import UserError
from irevla.training.algorithm1.method import COMPARED, CONTROLS, METHODS

if TYPE_CHECKING:
    from irevla.training.benchmark.experiment import Experiment
    from irevla.training.benchmark.summary.table import Table
    from irevla.training.benchmark.summary.verdict import Claim

TABLE_WIDTH = 200  # columns of a pipe or a log file, which have no width of their own


def table1(
    suite: Annotated[str, typer.Argument(help="metaworld or kitchen")],
    scale: Annotated[str, typer.Option(help="smoke (3 minutes), small (2 cores, under 90 minutes a seed) or paper")] = (
        "small"
    ),
    seeds: Annotated[str, typer.Option(help="seeds, e.g. 0,1,2; more can be added to the same folder later")] = "0",
    methods: Annotated[
        str,
        typer.Option(
            help=f"of {', '.join(METHODS)} (docs/benchmark.md); more can be added to the same folder later",
            show_default=f"all but the control, {', '.join(CONTROLS)}",
        ),
    ] = ",".join(COMPARED),
    results: Annotated[
        Path | None, typer.Option(help="folder of the results [default: runs/table1-SUITE-SCALE]")
    ] = None,
    cache: Annotated[
        Path | None,
        typer.Option(help="demonstrations and stage-0 models, by content [default: bench-cache beside the results]"),
    ] = None,
    jobs: Annotated[int, typer.Option(min=0, help="cores to use; 0: all")] = 0,
    set_: Annotated[list[str] | None, typer.Option("--set", help="override: key.path=value")] = None,
) -> None:
    """Run Table I and Figures 4 and 5 on one suite; run it again to go on where it stopped, or to add seeds.

    Demonstrations, stage 0 and the methods run as processes of their own. One that dies or whose loss is not finite
    is named with its log, the others go on, and the exit status is 1; the same command again resumes it.
    """
    from irevla.training.benchmark.experiment import Experiment
    from irevla.training.benchmark.plan import check_names, plan_jobs
    from irevla.training.benchmark.run import run_experiment
    from irevla.training.suites.suite import suite as find_suite

    settings = load_benchmark(suite, scale, set_ or ())
    chosen = [name.strip() for name in methods.split(",") if name.strip()]
    known = find_suite(suite)
    check_names(settings, chosen, known.tasks)
    tasks = [known.task(name) for names in settings.tasks.values() for name in names]
    folder = (results or Path("runs") / f"table1-{suite}-{scale}").absolute()
    experiment = Experiment.take_up(folder, settings, tasks)
    slots = jobs or len(os.sched_getaffinity(0))
    place = (cache or folder.parent / "bench-cache").absolute()
    plan = plan_jobs(settings, chosen, parse_seeds(seeds), cache=place)
    try:
        table, claims, failures = run_experiment(experiment, plan, slots=slots)
    except KeyboardInterrupt:
        typer.echo("interrupted; the same command goes on from here", err=True)
        raise typer.Exit(130) from None
    show(experiment, table, claims)
    for name, reason in failures.items():
        typer.echo(f"NOT DONE {name}: {reason}", err=True)
    if failures:
        typer.echo("the same command again goes on with them", err=True)
        raise typer.Exit(1)


def parse_seeds(text: str) -> list[int]:
    """Return the seeds in ``0,1,2``; raises UserError for anything else."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts or not all(part.isascii() and part.isdigit() for part in parts):
        raise UserError(f"--seeds: expected whole numbers from 0 on, such as 0,1,2; got {text[:80]!r}")
    return list(dict.fromkeys(int(part) for part in parts))


def show(experiment: Experiment, table: Table, claims: list[Claim]) -> None:
    """Print the table, the claims and where the files are."""
    from rich.console import Console
    from rich.table import Table as Drawn

    from irevla.training.benchmark.summary.table import LEGEND

    settings = experiment.settings
    drawn = Drawn(title=f"Table I: {settings.suite}, scale {settings.scale}", caption=LEGEND)
    for title in table.header():
        drawn.add_column(title, overflow="fold")
    for row in table.rows():
        drawn.add_row(*row, style="dim" if row[0].endswith(", paper") else None)
    console = Console()
    if not console.is_terminal:
        console = Console(width=TABLE_WIDTH)
    console.print(drawn)
    for claim in claims:
        for line in claim.lines():
            typer.echo(line)
    typer.echo(f"files: {experiment.folder}; one page: irevla bench report {experiment.folder}")
