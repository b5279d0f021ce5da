"""`ros2 launch irevla sim.launch.py`: the simulated Panda and every node around it."""

from __future__ import annotations

from pathlib import Path

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, IncludeLaunchDescription
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import LaunchConfiguration

GRAPH = Path(__file__).with_name("graph.launch.py")


def generate_launch_description() -> LaunchDescription:
    """Return the graph of the rig `sim`; `--show-args` tells the other arguments, which are the graph's."""
    return LaunchDescription(
        [
            DeclareLaunchArgument("rig", default_value="sim", description="rig file: a shipped name, or a YAML"),
            IncludeLaunchDescription(
                PythonLaunchDescriptionSource(str(GRAPH)), launch_arguments={"rig": LaunchConfiguration("rig")}.items()
            ),
        ]
    )
