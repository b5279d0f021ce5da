"""How one node's process is started: its arguments and environment, the same for `irevla up` and for a launch file."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.machinery import PathFinder
from pathlib import Path

from irevla.config import topics
from irevla.config.settings import Settings
from irevla_nodes.graph.parameter_file import write_parameter_file

Runner = Callable[[str], list[str]]


@dataclass(frozen=True)
class NodeCommand:
    """Arguments and extra environment of one process."""

    argv: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


def has_ros() -> bool:
    """Whether a sourced ROS 2 brings its own rclpy."""
    # Looks at sys.path alone: where irevla_dds is active, an ordinary look-up would find the embedded one.
    return PathFinder.find_spec("rclpy") is not None


def runtime_argv(module: str) -> list[str]:
    """Return how ``module`` is run: plainly where ROS 2 is sourced, else under the embedded runtime."""
    runner = [] if has_ros() else ["irevla_dds.run"]
    return [sys.executable, "-m", *runner, module]


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
        # Two arms have the same frame names, so each has its own tree of frames.
        arguments += ["-r", f"{topics.TF}:=tf", "-r", f"{topics.TF_STATIC}:=tf_static"]
    return [*arguments, "--log-level", settings.graph.log_level]


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
