"""`irevla scene`: look at a task of the simulator, at its start states and at its expert."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from irevla.config.settings import Settings
    from irevla.config.tasks import Task

app = typer.Typer()


# The task comes before its options, which a group of commands would not allow.
@app.callback(invoke_without_command=True, context_settings={"allow_interspersed_args": True})
def scene(
    task: Annotated[str | None, typer.Argument(help="a task of config/tasks.yaml; see --list")] = None,
    list_: Annotated[bool, typer.Option("--list", help="print the tasks")] = False,
    render: Annotated[
        Path | None, typer.Option(help="picture to write; with --expert an animation (.gif, .webp)")
    ] = None,
    view: Annotated[bool, typer.Option(help="open MuJoCo's viewer (needs a display)")] = False,
    expert: Annotated[bool, typer.Option(help="play the scripted expert")] = False,
    seed: Annotated[int, typer.Option(min=0, help="start state; a sheet shows this one and the next")] = 0,
    count: Annotated[int, typer.Option(min=1, max=16, help="start states on the sheet")] = 4,
    side_px: Annotated[int, typer.Option(min=32, max=960, help="side of each picture")] = 256,
    fine: Annotated[bool, typer.Option(help="the detailed meshes, which the policy never sees")] = False,
    noise: Annotated[float, typer.Option(min=0, max=1, help="of the expert, in action units")] = 0.1,
    json_: Annotated[bool, typer.Option("--json", help="print --list as JSON")] = False,
) -> None:
    """Show a task: a sheet of its start states, its expert as an animation, or MuJoCo's viewer."""
    from irevla.config.errors import ConfigError
    from irevla.config.settings import load_settings
    from irevla.config.tasks import task as task_called

    if list_:
        _list(json_)
        return
    if task is None or not (render or view):
        raise ConfigError(
            "expected a task and --render FILE or --view, e.g. irevla scene pick_red_block --render a.png"
        )
    chosen, settings = task_called(task), load_settings()
    if view:
        _view(chosen, settings, seed, noise if expert else None)
    if render and expert:
        from irevla_nodes.sim.pictures import MOVING, check_format, expert_clip, save_clip

        check_format(render, MOVING)
        frames, success = expert_clip(chosen, seed, settings, side_px, "fine" if fine else "fast", noise)
        save_clip(frames, render, 1 / settings.robot.policy_hz)
        typer.echo(f"{render}: {len(frames) - 1} steps, {'success' if success else 'no success'}")
    elif render:
        from irevla_nodes.sim.pictures import STILL, check_format, contact_sheet, save_still

        check_format(render, STILL)
        seeds = range(seed, seed + count)
        save_still(contact_sheet(chosen, seeds, settings, side_px, "fine" if fine else "fast"), render)
        typer.echo(f"{render}: front above wrist, seeds {seed} to {seeds[-1]}")


def _list(as_json: bool) -> None:
    from irevla.config.tasks import tasks

    if as_json:
        typer.echo(json.dumps({name: task.model_dump() for name, task in tasks().items()}))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("task", "scene", "variant", "instruction")
    for task in tasks().values():
        table.add_row(task.name, task.scene, task.variant, task.instruction)
    Console().print(table)


def _view(task: Task, settings: Settings, seed: int, noise: float | None) -> None:
    """Open the viewer on the start state, or on the expert at work, until the window is closed."""
    import os
    import sys

    from irevla.config.errors import DeviceError

    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise DeviceError("--view needs a display, and DISPLAY is not set; use --render FILE instead")
    from irevla_nodes.sim.viewer import play

    play(task, settings, seed, noise)
