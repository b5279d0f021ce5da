"""What a launch file needs to know of a rig: which nodes, which parameter files, what follows when one ends."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from irevla.config.errors import ConfigError
from irevla.config.settings import Settings
from irevla_nodes.graph.node_command import environment, node_names, remappings
from irevla_nodes.graph.parameter_file import write_parameter_file

PACKAGE = "irevla_nodes"
DOMAIN = "ROS_DOMAIN_ID"


def launch_plan(settings: Settings, run_dir: Path, *, headless: bool) -> dict[str, Any]:
    """Write the parameter files into ``run_dir`` and return the plan as plain values, ready for JSON.

    The domain is not in it: under `ros2 launch` that is the terminal's ROS_DOMAIN_ID, as for all of ROS. Raises
    ConfigError for a node that is no executable of the ROS package.
    """
    variables = environment(settings)
    del variables[DOMAIN]
    return {
        "python": sys.executable,
        "namespace": settings.graph.namespace,
        "remappings": remappings(settings),
        "log_level": settings.graph.log_level,
        "respawn_delay_s": settings.graph.respawn_delay_s,
        "environment": variables,
        "nodes": [_node(settings, name, run_dir) for name in node_names(settings, headless=headless)],
    }


def _node(settings: Settings, name: str, run_dir: Path) -> dict[str, str]:
    node = settings.graph.nodes[name]
    package, _, executable = node.module.rpartition(".")
    if package != PACKAGE:
        raise ConfigError(
            f"graph.nodes.{name}.module: expected a module of {PACKAGE}, got {node.module!r}; ros2 launch starts only "
            "executables of the ROS package irevla: use `irevla up`, or a launch file of your own that includes ours"
        )
    parameters = write_parameter_file(settings, name, run_dir)
    return {"name": name, "executable": executable, "parameters": str(parameters), "on_exit": node.on_exit}
