"""An environment with ROS 2 taken out of it; nothing else is lost."""

from irevla_nodes.graph.runtime import without_ros


def test_without_ros_keeps_everything_that_is_not_ros() -> None:
    found = without_ros(
        {
            "AMENT_PREFIX_PATH": "/ws/install/irevla:/opt/ros/jazzy",
            "PYTHONPATH": "/mine:/opt/ros/jazzy/lib/python3.12/site-packages:/ws/install/irevla/lib",
            "PATH": "/venv/bin:/opt/ros/jazzy/bin:/usr/bin",
            "RMW_IMPLEMENTATION": "rmw_cyclonedds_cpp",
            "ROS_DOMAIN_ID": "7",
            "HOME": "/home/ada",
        }
    )
    assert found == {"PYTHONPATH": "/mine", "PATH": "/venv/bin:/usr/bin", "ROS_DOMAIN_ID": "7", "HOME": "/home/ada"}
