"""The context that `rclpy.init` makes when it is given none; process-wide, because rclpy's is."""

from __future__ import annotations

from rclpy.context import Context

_context = Context()


def get_default_context() -> Context:
    """Return the process's default context."""
    return _context
