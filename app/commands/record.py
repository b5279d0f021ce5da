"""`irevla record`: demonstrations by hand against a running graph, without a window."""

from __future__ import annotations

import getpass
import time
from contextlib import closing
from typing import Annotated

import typer

# Options may follow the task's name, as people write them.
app = typer.Typer(context_settings={"allow_interspersed_args": True})


@app.callback(invoke_without_command=True)
def record(
    task: Annotated[str, typer.Argument(help="task of tasks.yaml, e.g. press_button")],
    count: Annotated[int | None, typer.Option(min=1, help="end after so many successes [default: never]")] = None,
    namespace: Annotated[str, typer.Option(help="the rig's namespace [default: graph.namespace]")] = "",
    domain: Annotated[int | None, typer.Option(min=0, max=232, help="DDS domain [default: graph.domain_id]")] = None,
    instruction: Annotated[str, typer.Option(help="what the VLA is told [default: the task's own]")] = "",
    seed: Annotated[int | None, typer.Option(min=0, help="of the first scene, in simulation [default: new]")] = None,
    who: Annotated[str, typer.Option(help="name under the labels [default: your login]")] = "",
) -> None:
    """Record teleoperated demonstrations one after another: Enter it succeeded, x it failed, z do it again, h hold."""
    import irevla_dds
    from irevla.config.settings import load_settings
    from irevla.config.tasks import task as task_called

    settings = load_settings()
    task_called(task)
    irevla_dds.activate()
    from irevla.app.graph.requests import StartEpisode
    from irevla.app.graph.ros_bridge import make_ros_bridge
    from irevla.app.recording.recorder import Recorder
    from irevla.app.recording.row import end_row, run_row
    from irevla.app.recording.terminal_keys import TerminalKeys
    from irevla.config.teleop.held_keys import HeldKeys

    namespace = (namespace or settings.graph.namespace).strip("/")
    domain_id = settings.graph.domain_id if domain is None else domain
    first_seed = time.time_ns() // 1_000_000_000 if seed is None else seed
    first = StartEpisode(task=task, instruction=instruction, mode="teleop", kind="demo", seed=first_seed)
    bridge = make_ros_bridge(settings, namespace=namespace, domain=domain_id, cameras=(), name="record")
    recorder = Recorder(bridge, first, count, who or getpass.getuser())
    with TerminalKeys() as keys, closing(bridge):
        bridge.start()
        try:
            where = f"on domain {domain_id}, namespace /{namespace}"
            run_row(bridge, keys, recorder, HeldKeys(settings.teleop.hold_key_s), where)
        except KeyboardInterrupt:
            end_row(recorder)
            raise
        finally:
            typer.echo(f"{recorder.successes} successful demonstrations of {task}. {recorder.note}".strip())
