"""`irevla up`: starts every node of a graph as a process of its own and keeps them running until Ctrl-C."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Annotated

import typer

from irevla.config.errors import DeviceError, GraphError
from irevla.config.settings import Settings, load_settings, rigs
from irevla_nodes.commands.interrupt import hear_interrupts
from irevla_nodes.commands.preflight import look
from irevla_nodes.graph.launch_plan import launch_plan
from irevla_nodes.graph.settings_table import setting_rows
from irevla_nodes.graph.supervisor import Supervisor

READY_TIMEOUT_S = 90.0

# Options may follow the rig's name, as people write them.
app = typer.Typer(context_settings={"allow_interspersed_args": True})


@app.callback(invoke_without_command=True)
def up(
    rig: Annotated[str, typer.Argument(help="rig: a shipped name, or a path to a YAML file")] = "sim",
    set_: Annotated[list[str] | None, typer.Option("--set", help="override: key.path=value (repeatable)")] = None,
    domain: Annotated[int | None, typer.Option(min=0, max=232, help="DDS domain [default: graph.domain_id]")] = None,
    run_dir: Annotated[Path | None, typer.Option(help="logs and parameter files [default: runs/up-RIG]")] = None,
    only: Annotated[str, typer.Option(help="only these nodes, e.g. robot,arbiter")] = "",
    list_: Annotated[bool, typer.Option("--list", help="list the rigs and the graph's nodes, start nothing")] = False,
    dry_run: Annotated[bool, typer.Option(help="print each process's command, start nothing")] = False,
    settings_: Annotated[bool, typer.Option("--settings", help="print every setting with its unit")] = False,
    headless: Annotated[
        bool, typer.Option("--headless/--window", help="without, or with the nodes that open one")
    ] = True,
    json_: Annotated[bool, typer.Option("--json", help="with --settings, --list or --dry-run: as JSON")] = False,
) -> None:
    """Start a rig's graph; Ctrl-C ends all of it within five seconds."""
    overrides = [*(set_ or ()), *([f"graph.domain_id={domain}"] if domain is not None else [])]
    settings = load_settings(rig, overrides)
    folder = run_dir or Path("runs") / f"up-{Path(rig).stem}"
    names = [name.strip() for name in only.split(",") if name.strip()]
    supervisor = Supervisor(settings, folder, only=names, headless=headless, echo=typer.echo)
    if list_:
        _print_nodes(settings, supervisor, as_json=json_)
    elif settings_:
        _print_settings(settings, as_json=json_)
    elif dry_run and json_:
        typer.echo(json.dumps(launch_plan(settings, folder.absolute(), headless=headless)))
    elif dry_run:
        for name, command in supervisor.commands().items():
            variables = " ".join(f"{key}={shlex.quote(value)}" for key, value in command.environment.items())
            typer.echo(f"# {name}\n{variables} {shlex.join(command.argv)}")
    else:
        _require_hardware(settings)
        _run(supervisor, folder)


def _require_hardware(settings: Settings) -> None:
    """Raise DeviceError unless all that a real rig needs is there; a half-started one would be no use to anybody."""
    if settings.robot.is_simulated:
        return
    typer.echo("[up] looking for the arm and the cameras")
    missing = [f"{finding.what}: {finding.trouble}" for finding in look(settings) if finding.trouble]
    if missing:
        raise DeviceError("nothing was started, for the rig is not complete. " + "\n".join(missing))


def _run(supervisor: Supervisor, folder: Path) -> None:
    hear_interrupts()
    try:
        supervisor.start()
        supervisor.wait_ready(READY_TIMEOUT_S)
        typer.echo(f"[up] {len(supervisor.nodes)} nodes are ready; logs in {folder / 'logs'}; Ctrl-C ends them")
        while not supervisor.wait(0.5):
            pass
    except KeyboardInterrupt:
        typer.echo("[up] ending")
    finally:
        supervisor.stop()
    if supervisor.failure:
        raise GraphError(supervisor.failure)


def _print_nodes(settings: Settings, supervisor: Supervisor, *, as_json: bool) -> None:
    if as_json:
        nodes = {name: settings.graph.nodes[name].model_dump(mode="json") for name in supervisor.nodes}
        typer.echo(json.dumps({"rigs": sorted(rigs()), "nodes": nodes}))
        return
    typer.echo(f"rigs: {', '.join(sorted(rigs()))}")
    for name in supervisor.nodes:
        node = settings.graph.nodes[name]
        typer.echo(f"{name:14} {node.module:30} when it ends: {node.on_exit:9} settings: {', '.join(node.sections)}")


def _print_settings(settings: Settings, *, as_json: bool) -> None:
    rows = list(setting_rows(settings))
    if as_json:
        typer.echo(json.dumps({row.key: {"value": row.value, "description": row.description} for row in rows}))
        return
    for row in rows:
        typer.echo(f"{row.key} = {json.dumps(row.value)}" + (f"  # {row.description}" if row.description else ""))
