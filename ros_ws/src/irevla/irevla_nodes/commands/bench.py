"""`irevla bench`: the paper's comparison in simulation, and timings against a baseline measured in the same run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from irevla.training.commands.report import report
from irevla.training.commands.sheet import sheet
from irevla.training.commands.table1 import table1

if TYPE_CHECKING:
    from irevla.training.benchmark.figure import Figure

app = typer.Typer(
    help="The paper's comparison in simulation, and timings against a named baseline measured in the same run.",
    no_args_is_help=True,
)
app.command()(table1)
app.command()(report)
app.command()(sheet)
Json = Annotated[bool, typer.Option("--json", help="print the figures as JSON")]


@app.command()
def graph(json_: Json = False) -> None:
    """Image messages: encoding against cyclonedds-python's own encoder; round trip between two processes."""
    import irevla_dds

    irevla_dds.activate()
    from irevla_nodes.bench.graph import run

    _show(run(), json_)


@app.command()
def control(json_: Json = False) -> None:
    """Observation complete to command received, minus the model's time, through the real graph."""
    import irevla_dds

    irevla_dds.activate()
    from irevla_nodes.bench.control import run

    _show(run(), json_)


@app.command()
def dashboard(json_: Json = False) -> None:
    """The operator's window: its event loop's lag, key press to label stored, memory over two hours; 6 minutes."""
    import irevla_dds

    irevla_dds.activate()
    from irevla_nodes.bench.dashboard import run

    _show(run(), json_)


@app.command()
def learner(json_: Json = False) -> None:
    """SACfD on cached latents against the same learner that encodes its images again."""
    from irevla_nodes.bench.learner import run

    _show(run(), json_)


@app.command()
def sim(json_: Json = False) -> None:
    """The simulator with both cameras in lockstep against real time and against default rendering."""
    from irevla_nodes.bench.sim import run

    _show(run(), json_)


@app.command()
def speed(suite: Annotated[str, typer.Option(help="metaworld or kitchen")] = "metaworld", json_: Json = False) -> None:
    """The benchmark's reinforcement learning and supervised loops against the naive ones; about a minute."""
    from irevla.training.benchmark.speed.speed import run

    _show(run(suite), json_)


def _show(figures: list[Figure], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([figure.as_dict() for figure in figures]))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table()
    for column in ("figure", "value", "baseline", "times better"):
        table.add_column(column)
    for figure in figures:
        baseline = (
            "" if figure.baseline_value is None else f"{figure.baseline_value:.4g} {figure.unit} ({figure.baseline})"
        )
        ratio = "" if figure.ratio is None else f"{figure.ratio:.1f}×"
        table.add_row(figure.name, f"{figure.value:.4g} {figure.unit}", baseline, ratio)
    Console().print(table)
