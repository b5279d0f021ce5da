"""Maps the house's top-level folders to import names; all metadata is in pyproject.toml."""

from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).parent
FOLDERS = {
    "irevla.app": "app",
    "irevla.config": "config",
    "irevla.policies": "policies",
    "irevla.training": "training",
    "irevla_nodes": "ros_ws/src/irevla/irevla_nodes",
    "irevla_dds": "ros_ws/src/irevla_dds/irevla_dds",
}

packages = [
    name
    for top, folder in FOLDERS.items()
    for name in (top, *(f"{top}.{sub}" for sub in find_packages(str(ROOT / folder))))
]

# Where colcon would put them, too: <prefix>/share/irevla_msgs/msg/Step.msg.
MESSAGES = ROOT / "ros_ws/src/irevla_msgs"
messages = [
    (f"share/irevla_msgs/{kind}", [str(path.relative_to(ROOT)) for path in sorted((MESSAGES / kind).iterdir())])
    for kind in ("msg", "srv", "action")
]

setup(package_dir=dict(FOLDERS), packages=packages, data_files=messages)
