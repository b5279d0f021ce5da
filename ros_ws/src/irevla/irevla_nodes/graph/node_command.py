"""How one node's process is started: its arguments and environment, the same for `irevla up` and for a launch file."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from irevla.config import topics
from irevla.config.settings import Settings
from irevla_nodes.graph.parameter_file import write_parameter_file
from irevla_nodes.graph.runtime import runtime_argv

Runner = Callable[[str], list[str]]


@dataclass(frozen=True)
class NodeCommand:
    """Arguments and extra environment of one process."""

    argv: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


def node_names(settings: Settings, *, headless: bool) -> tuple[str, ...]:
    """Return the graph's nodes in the order of their start; a ``headless`` graph has none that opens a window."""
    return tuple(name for name, node in settings.graph.nodes.items() if not (headless and node.window))


def node_command(settings: Settings, node: str, run_dir: Path, runner: Runner = runtime_argv) -> NodeCommand:
    """Write the node's parameter file into ``run_dir`` and return the command that starts it."""
    parameters = write_parameter_file(settings, node, run_dir)
    argv = runner(settings.graph.nodes[node].module)
    argv += ["--ros-args", "--params-file", str(parameters), *ros_arguments(settings, node)]
    return NodeCommand(tuple(argv), environment(settings))


def ros_arguments(settings: Settings, node: str) -> list[str]:
    """Return name, namespace and log level of ``node`` as ROS arguments."""
    arguments = ["-r", f"__node:={node}"]
    if settings.graph.namespace:
        arguments += ["-r", f"__ns:=/{settings.graph.namespace.strip('/')}"]
    for old, new in remappings(settings).items():
        arguments += ["-r", f"{old}:={new}"]
    return [*arguments, "--log-level", settings.graph.log_level]


def remappings(settings: Settings) -> dict[str, str]:
    """Return new names by old ones: two arms name their frames alike, so each namespace has its own tree of frames."""
    return {topics.TF: "tf", topics.TF_STATIC: "tf_static"} if settings.graph.namespace else {}


def environment(settings: Settings) -> dict[str, str]:
    """Return what every process of the graph gets on top of the caller's environment."""
    return {
        "ROS_DOMAIN_ID": str(settings.graph.domain_id),
        "ROS_AUTOMATIC_DISCOVERY_RANGE": "SUBNET" if settings.graph.network == "lan" else "LOCALHOST",
        "IREVLA_NETWORK": settings.graph.network,
        "PYTHONUNBUFFERED": "1",
        # Many processes share few cores: numpy's own threads would only fight. The nodes that learn set torch's.
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"),
        "MUJOCO_GL": os.environ.get("MUJOCO_GL", "osmesa"),
    }
