"""Every node of a rig file as a launch action; `sim.launch.py` and `real_world.launch.py` include it.

The plan comes from `irevla up RIG --dry-run --json`, so that both ways to start a graph read the same YAML. It is
asked for as a command because `ros2 launch` runs on ROS's own Python, which does not see a virtual environment.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import Any

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, OpaqueFunction, SetEnvironmentVariable, Shutdown
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node

PLAN_TIMEOUT_S = 60.0


def generate_launch_description() -> LaunchDescription:
    """Return the graph of the rig that the arguments name."""
    has_display = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return LaunchDescription(
        [
            DeclareLaunchArgument("rig", description="rig file: a shipped name (sim, real_world), or a path to a YAML"),
            DeclareLaunchArgument("robot", default_value="", description="arm backend; empty: the rig file's"),
            DeclareLaunchArgument(
                "headless",
                default_value="false" if has_display else "true",
                choices=["true", "false"],
                description="true: no windows; the default depends on whether there is a display",
            ),
            DeclareLaunchArgument("namespace", default_value="", description="ROS namespace of every node"),
            DeclareLaunchArgument(
                "log_level",
                default_value="info",
                choices=["debug", "info", "warn", "error"],
                description="of every node",
            ),
            DeclareLaunchArgument("run_dir", default_value="runs/launch", description="parameter files and states"),
            OpaqueFunction(function=_actions),
        ]
    )


def _actions(context: Any) -> list[Any]:
    plan = _plan({name: LaunchConfiguration(name).perform(context) for name in ("rig", "run_dir", *_SETTINGS)}, context)
    # What the terminal has set, e.g. ROS_AUTOMATIC_DISCOVERY_RANGE, goes before the rig's settings.
    variables = {name: value for name, value in plan["environment"].items() if name not in os.environ}
    return [
        *(SetEnvironmentVariable(name, value) for name, value in variables.items()),
        *(_node(node, plan) for node in plan["nodes"]),
    ]


_SETTINGS = {"robot": "robot.backend", "namespace": "graph.namespace", "log_level": "graph.log_level"}


def _plan(arguments: dict[str, str], context: Any) -> dict[str, Any]:
    """Return what `irevla up` would start; raises RuntimeError with its words when it refuses."""
    irevla = shutil.which("irevla")
    if irevla is None:
        raise RuntimeError(
            "expected the command `irevla` on PATH; activate the environment that irevla is installed in, "
            "e.g. `source .venv/bin/activate`, then launch again"
        )
    headless = LaunchConfiguration("headless").perform(context) == "true"
    command = [irevla, "up", arguments["rig"], "--dry-run", "--json", "--run-dir", arguments["run_dir"]]
    command += ["--headless" if headless else "--window"]
    command += [f"--set={key}={arguments[name]}" for name, key in _SETTINGS.items() if arguments[name]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PLAN_TIMEOUT_S, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip() or f"{' '.join(command)} ended with exit status {done.returncode}")
    plan: dict[str, Any] = json.loads(done.stdout)
    return plan


def _node(node: dict[str, str], plan: dict[str, Any]) -> Node:
    """Return one node's process; the arbiter's watchdog holds the arm while one that it watches is away."""
    ends_all = node["on_exit"] == "shutdown"
    return Node(
        package="irevla",
        executable=node["executable"],
        name=node["name"],
        namespace=plan["namespace"],
        remappings=list(plan["remappings"].items()),
        parameters=[node["parameters"]],
        ros_arguments=["--log-level", plan["log_level"]],
        # The nodes run on the Python that irevla is installed in, whichever one colcon wrote into their first line.
        prefix=plan["python"],
        exec_name=node["name"],
        output="both",
        respawn=node["on_exit"] in ("respawn", "hold"),
        respawn_delay=plan["respawn_delay_s"],
        on_exit=Shutdown(reason=f"node {node['name']} ended, and without it the graph cannot go on")
        if ends_all
        else None,
    )
