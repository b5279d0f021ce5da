"""`ros2 launch irevla real_world.launch.py`: every node around a real arm, or nothing at all.

`irevla preflight` looks for cameras, disk and arm first. With `driver` the arm's own launch file comes before, and the
nodes follow when the arm shows itself. Whatever is missing is named, and nothing of ours is left running.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from ament_index_python.packages import PackageNotFoundError, get_package_share_directory
from launch import LaunchDescription
from launch.actions import (
    DeclareLaunchArgument,
    ExecuteProcess,
    IncludeLaunchDescription,
    OpaqueFunction,
    RegisterEventHandler,
)
from launch.event_handlers import OnProcessExit
from launch.launch_description_sources import AnyLaunchDescriptionSource, PythonLaunchDescriptionSource
from launch.substitutions import LaunchConfiguration

GRAPH = Path(__file__).with_name("graph.launch.py")
LOOK_TIMEOUT_S = 20.0
DRIVER_WAIT_S = 30.0


def generate_launch_description() -> LaunchDescription:
    """Return the rig `real_world`; `--show-args` tells the other arguments, which are the graph's."""
    return LaunchDescription(
        [
            DeclareLaunchArgument("rig", default_value="real_world", description="rig file: a shipped name, or a YAML"),
            DeclareLaunchArgument("robot", default_value="", description="serl or crisp; empty: the rig file's"),
            DeclareLaunchArgument(
                "driver",
                default_value="",
                description="launch file of the arm's driver and controllers: PACKAGE/FILE or an absolute path, e.g. "
                "franka_bringup/franka.launch.py; empty: they run already (SERL's franka_server always does)",
            ),
            DeclareLaunchArgument("namespace", default_value="", description="ROS namespace of every node"),
            DeclareLaunchArgument("robot_ip", default_value="", description="handed to the driver's launch file"),
            OpaqueFunction(function=_actions),
        ]
    )


def _actions(context: Any) -> list[Any]:
    rig, robot, namespace, driver, robot_ip = (
        LaunchConfiguration(name).perform(context) for name in ("rig", "robot", "namespace", "driver", "robot_ip")
    )
    source = _driver_file(driver) if driver else None
    look = _look_command(rig, robot, namespace)
    done = subprocess.run(
        [*look, *(["--no-arm"] if driver else [])], capture_output=True, text=True, timeout=LOOK_TIMEOUT_S, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"nothing was started, for the rig is not complete:\n{done.stdout}{done.stderr}".strip())
    graph = IncludeLaunchDescription(
        PythonLaunchDescriptionSource(str(GRAPH)), launch_arguments={"rig": rig, "robot": robot}.items()
    )
    if source is None:
        return [graph]
    arguments = {"robot_ip": robot_ip} if robot_ip else {}
    gate = ExecuteProcess(cmd=[*look, "--wait-s", str(DRIVER_WAIT_S)], name="preflight", output="screen")
    return [
        # A spawner of controllers ends well by itself; what else of the driver ends, ends badly.
        RegisterEventHandler(OnProcessExit(on_exit=lambda event, _: _after_end(event))),
        IncludeLaunchDescription(AnyLaunchDescriptionSource(source), launch_arguments=arguments.items()),
        gate,
        RegisterEventHandler(
            OnProcessExit(target_action=gate, on_exit=lambda event, _: [graph] if event.returncode == 0 else None)
        ),
    ]


def _after_end(event: Any) -> list[Any] | None:
    """End the session, in failure, with the arm's driver; our own nodes that may come back see to themselves."""
    is_ours = "/lib/irevla/" in " ".join(event.cmd)
    if event.returncode == 0 or is_ours:
        return None
    words = f"{event.process_name} ended with exit status {event.returncode}: the session ends"

    def fail(_: Any) -> None:
        raise RuntimeError(words)

    return [OpaqueFunction(function=fail)]


def _driver_file(driver: str) -> str:
    """Return the path of the driver's launch file; raises RuntimeError that says what to install or to write."""
    path = Path(driver)
    if not path.is_absolute():
        package, _, name = driver.partition("/")
        try:
            path = Path(get_package_share_directory(package)) / "launch" / name
        except (PackageNotFoundError, ValueError):
            raise RuntimeError(
                f"driver: the ROS package {package!r} is not there; install or source it (docs/hardware.md), or start "
                "the driver yourself and leave `driver` out"
            ) from None
    if not path.is_file():
        found = ", ".join(sorted(file.name for file in path.parent.glob("*launch*"))) or "none"
        raise RuntimeError(f"driver: no launch file {str(path)!r}; available there: {found}")
    return str(path)


def _look_command(rig: str, robot: str, namespace: str) -> list[str]:
    irevla = shutil.which("irevla")
    if irevla is None:
        raise RuntimeError(
            "expected the command `irevla` on PATH; activate the environment that irevla is installed in, "
            "e.g. `source .venv/bin/activate`, then launch again"
        )
    command = [irevla, "preflight", rig, "--domain", os.environ.get("ROS_DOMAIN_ID", "0")]
    if robot:
        command.append(f"--set=robot.backend={robot}")
    if namespace:
        command.append(f"--set=graph.namespace={namespace}")
    return command
