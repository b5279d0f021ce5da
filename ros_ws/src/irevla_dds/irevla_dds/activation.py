"""Puts the embedded ``rclpy`` and the message packages where ``import`` finds them, unless ROS 2 is there."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType


class RclpyFinder(MetaPathFinder):
    """Finds ``rclpy`` in this package's folder; its sub-modules are then found by its own path."""

    folder = str(Path(__file__).parent)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of the embedded rclpy, None for every other name."""
        return PathFinder.find_spec(fullname, [self.folder]) if fullname == "rclpy" else None


def is_active() -> bool:
    """Say whether this process uses the embedded runtime."""
    return any(isinstance(finder, RclpyFinder) for finder in sys.meta_path)


def activate() -> bool:
    """Make ``import rclpy`` work; does nothing where the real one is importable or when called again.

    Returns whether the embedded runtime is in use.
    """
    if is_active():
        return True
    if "rclpy" in sys.modules or find_spec("rclpy") is not None:
        return False
    # Heavy, and not needed where ROS 2 is there.
    from irevla_dds.interfaces.interface_store import InterfaceStore
    from irevla_dds.interfaces.package_finder import PackageFinder

    sys.meta_path += [RclpyFinder(), PackageFinder(InterfaceStore())]
    return True
