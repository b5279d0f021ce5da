"""The graph's three quality-of-service profiles; docs/graph.md says which topic has which."""

from __future__ import annotations

from rclpy.qos import DurabilityPolicy, HistoryPolicy, QoSProfile, ReliabilityPolicy

DEPTH = 10


def stream() -> QoSProfile:
    """Return the profile of commands, actions, states and simulated images: nothing is lost, ten are kept."""
    return QoSProfile(
        history=HistoryPolicy.KEEP_LAST,
        depth=DEPTH,
        reliability=ReliabilityPolicy.RELIABLE,
        durability=DurabilityPolicy.VOLATILE,
    )


def latched() -> QoSProfile:
    """Return the profile of `session/state`, `arbiter/status` and `learner/weights`: a late reader gets the last."""
    return QoSProfile(
        history=HistoryPolicy.KEEP_LAST,
        depth=1,
        reliability=ReliabilityPolicy.RELIABLE,
        durability=DurabilityPolicy.TRANSIENT_LOCAL,
    )


def sensor() -> QoSProfile:
    """Return the profile of a real camera: the newest picture counts, a lost one is not sent again.

    A best-effort reader also takes a reliable writer's pictures, so readers of images may always use it on hardware.
    """
    return QoSProfile(
        history=HistoryPolicy.KEEP_LAST,
        depth=DEPTH,
        reliability=ReliabilityPolicy.BEST_EFFORT,
        durability=DurabilityPolicy.VOLATILE,
    )
