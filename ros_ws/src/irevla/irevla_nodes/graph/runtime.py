"""Which of the two runtimes a process gets: the sourced ROS 2, or the embedded one."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib.machinery import PathFinder
from pathlib import Path


def has_ros() -> bool:
    """Whether a sourced ROS 2 brings its own rclpy."""
    # Looks at sys.path alone: where irevla_dds is active, an ordinary look-up would find the embedded one.
    return PathFinder.find_spec("rclpy") is not None


def runtime_argv(module: str) -> list[str]:
    """Return how ``module`` is run: plainly where ROS 2 is sourced, else under the embedded runtime."""
    runner = [] if has_ros() else ["irevla_dds.run"]
    return [sys.executable, "-m", *runner, module]


def without_ros(environ: Mapping[str, str]) -> dict[str, str]:
    """Return ``environ`` as if no ROS 2 were sourced, so that a process which gets it runs embedded."""
    prefixes = [Path(prefix) for prefix in environ.get("AMENT_PREFIX_PATH", "").split(os.pathsep) if prefix]

    def is_kept(folder: str) -> bool:
        return bool(folder) and not any(Path(folder).is_relative_to(prefix) for prefix in prefixes)

    found = {name: value for name, value in environ.items() if not name.startswith(("AMENT_", "COLCON_", "RMW_"))}
    for name in ("PYTHONPATH", "LD_LIBRARY_PATH", "PATH"):
        if name in found:
            found[name] = os.pathsep.join(filter(is_kept, found[name].split(os.pathsep)))
    return found
