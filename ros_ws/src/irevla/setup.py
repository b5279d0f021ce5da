"""Installs the ROS package `irevla` for colcon: the nodes, the launch files and the settings."""

from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
ROOT = "../../.."
NODES = sorted(path.stem for path in (HERE / "irevla_nodes").glob("*_node.py"))


def files(folder: str, pattern: str) -> list[str]:
    """Return paths below the repository's root as setuptools wants them: relative to this file."""
    return [f"{ROOT}/{folder}/{path.name}" for path in sorted((HERE / ROOT / folder).glob(pattern))]


setup(
    # Not the ROS package's name: a second distribution called irevla would hide the entry points of the root's.
    name="irevla-nodes",
    version="0.1.0",
    packages=find_packages(include=["irevla_nodes", "irevla_nodes.*"]),
    package_data={"irevla_nodes": ["demo/*.jinja"]},
    data_files=[
        ("share/ament_index/resource_index/packages", ["resource/irevla"]),
        ("share/irevla", ["package.xml"]),
        ("share/irevla/launch", files("launch", "*.launch.py")),
        ("share/irevla/config", files("config", "*.yaml")),
    ],
    zip_safe=False,
    entry_points={"console_scripts": [f"{node} = irevla_nodes.{node}:main" for node in NODES]},
)
