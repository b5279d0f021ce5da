"""`ros2 launch irevla sim.launch.py`: the same processes as `irevla up sim`, as launch actions."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, ExecuteProcess, OpaqueFunction, Shutdown
from launch.substitutions import LaunchConfiguration

from irevla.config.graph import NodeSettings
from irevla.config.settings import load_settings
from irevla_nodes.graph.node_command import NodeCommand, node_command


def generate_launch_description() -> LaunchDescription:
    """Return the graph of the rig file named by the argument ``rig``."""
    return LaunchDescription(
        [
            DeclareLaunchArgument("rig", default_value="sim", description="a shipped rig, or a path to a YAML file"),
            DeclareLaunchArgument("run_dir", default_value="runs/launch-sim", description="parameter files and state"),
            DeclareLaunchArgument("log_level", default_value="info", description="debug, info, warn or error"),
            OpaqueFunction(function=_processes),
        ]
    )


def _processes(context: Any) -> list[ExecuteProcess]:
    rig, run_dir, log_level = (LaunchConfiguration(name).perform(context) for name in ("rig", "run_dir", "log_level"))
    settings = load_settings(rig, [f"graph.log_level={log_level}"])
    return [
        _process(name, node, node_command(settings, name, Path(run_dir).absolute()), settings.graph.respawn_delay_s)
        for name, node in settings.graph.nodes.items()
    ]


def _process(name: str, node: NodeSettings, command: NodeCommand, respawn_delay_s: float) -> ExecuteProcess:
    """Return one node's process; the arbiter's watchdog holds the arm while one that it watches is away."""
    ends_all = node.on_exit == "shutdown"
    return ExecuteProcess(
        name=name,
        cmd=list(command.argv),
        # What the caller has set, e.g. ROS_DOMAIN_ID, goes before the rig's settings.
        additional_env={key: value for key, value in command.environment.items() if key not in os.environ},
        output="both",
        respawn=not ends_all,
        respawn_delay=respawn_delay_s,
        on_exit=Shutdown(reason=f"node {name} ended") if ends_all else None,
    )
