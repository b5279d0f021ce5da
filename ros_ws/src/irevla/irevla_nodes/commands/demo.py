"""`irevla demo`: the main job, end to end, on the simulated Panda."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

TABLE_WIDTH = 120  # columns of a pipe or a log file, which have no width of their own

app = typer.Typer()


@app.callback(invoke_without_command=True)
def demo(
    seed: Annotated[int, typer.Option(min=0, help="seed of everything")] = 0,
    out: Annotated[Path | None, typer.Option(help="folder of the run [default: runs/demo-seedN]")] = None,
    quick: Annotated[bool, typer.Option(help="same path, smaller numbers: about 4 minutes")] = False,
    resume: Annotated[bool, typer.Option(help="go on with the run in --out")] = False,
    json_: Annotated[bool, typer.Option("--json", help="print results.json instead of the table")] = False,
    rig: Annotated[str, typer.Option(help="rig file")] = "sim",
    set_: Annotated[list[str] | None, typer.Option("--set", help="override: key.path=value")] = None,
) -> None:
    """Improve a VLA on one new task: stage 0, stage 1 (SACfD, VLM frozen), stage 2; evaluated after each."""
    import irevla_dds
    from irevla.config.settings import load_settings

    settings = load_settings(rig, [*(set_ or ()), f"seed={seed}"])
    sizes = settings.demo.quick if quick else settings.demo.full
    folder = (out or Path("runs") / f"demo{'-quick' if quick else ''}-seed{seed}").absolute()
    os.environ["ROS_DOMAIN_ID"] = str(settings.graph.domain_id)
    irevla_dds.activate()
    from rich.console import Console

    from irevla_nodes.commands.interrupt import hear_interrupts
    from irevla_nodes.demo.run import run_demo

    hear_interrupts()
    try:
        results = run_demo(settings, sizes, folder, resume=resume)
    except KeyboardInterrupt:
        typer.echo(f"interrupted; go on with: irevla demo --resume --out {folder} (and the same options)", err=True)
        raise typer.Exit(130) from None
    if json_:
        typer.echo(json.dumps(results.as_dict()))
        return
    console = Console()
    if not console.is_terminal:
        console = Console(width=TABLE_WIDTH)
    console.print(results.table())
    typer.echo(f"report: {folder / 'report.html'}")
    typer.echo(f"figures: {folder / 'results.json'}")
