"""`irevla preflight`: says what a rig lacks, before anything is started."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from irevla.config.settings import Settings
    from irevla_nodes.preflight.finding import Finding

ARM_WAIT_S = 4.0  # with two cameras that hang, all is said within ten seconds

app = typer.Typer(context_settings={"allow_interspersed_args": True})


@app.callback(invoke_without_command=True)
def preflight(
    rig: Annotated[str, typer.Argument(help="rig: a shipped name, or a path to a YAML file")] = "real_world",
    set_: Annotated[list[str] | None, typer.Option("--set", help="override: key.path=value (repeatable)")] = None,
    domain: Annotated[int | None, typer.Option(min=0, max=232, help="DDS domain [default: graph.domain_id]")] = None,
    wait_s: Annotated[float, typer.Option(min=0, max=600, help="how long the arm has to show itself")] = ARM_WAIT_S,
    arm: Annotated[bool, typer.Option("--arm/--no-arm", help="look for the arm, or leave it out")] = True,
    json_: Annotated[bool, typer.Option("--json", help="print the findings as JSON")] = False,
) -> None:
    """Look for the arm, the cameras and the disk of a rig; moves nothing. Exit status 1: something is missing."""
    from irevla.config.settings import load_settings

    settings = load_settings(rig, [*(set_ or ()), *([f"graph.domain_id={domain}"] if domain is not None else [])])
    findings = []
    for finding in look(settings, wait_s=wait_s, with_arm=arm):
        findings.append(finding)
        if not json_:
            typer.echo(f"{'MISSING' if finding.trouble else 'ok':8}{finding.what}{_tail(finding.trouble)}")
    if json_:
        typer.echo(json.dumps([asdict(finding) for finding in findings]))
    if any(finding.trouble for finding in findings):
        raise typer.Exit(1)


def look(settings: Settings, *, wait_s: float = ARM_WAIT_S, with_arm: bool = True) -> Iterator[Finding]:
    """Yield what `preflight` finds, with a node in the rig's domain and namespace to listen with."""
    with _listener(settings) as node:
        from irevla_nodes.preflight.preflight import preflight as find

        yield from find(settings, node, arm_wait_s=wait_s, with_arm=with_arm)


def _tail(trouble: str) -> str:
    return f": {trouble}" if trouble else ""


@contextmanager
def _listener(settings: Settings) -> Iterator[Any]:
    """Spin a node in the rig's domain and namespace."""
    import irevla_dds

    irevla_dds.activate()
    import rclpy
    from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor

    rclpy.init(args=[], domain_id=settings.graph.domain_id)
    node = rclpy.create_node("preflight", namespace=settings.graph.namespace)
    executor = SingleThreadedExecutor()
    executor.add_node(node)

    def spin() -> None:
        try:
            executor.spin()
        except ExternalShutdownException:
            return

    thread = threading.Thread(target=spin, name="preflight", daemon=True)
    thread.start()
    try:
        yield node
    finally:
        executor.shutdown()
        thread.join(5.0)
        node.destroy_node()
        rclpy.try_shutdown()
