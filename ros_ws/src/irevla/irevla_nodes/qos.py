"""The graph's quality-of-service profiles; docs/graph.md says which topic has which."""

from __future__ import annotations

from rclpy.qos import DurabilityPolicy, HistoryPolicy, QoSProfile, ReliabilityPolicy

# A simulator in lockstep makes sixty steps a second and waits for those who act, not for those who listen: a listener
# that the machine leaves without a core for half a second must find all of them.
STREAM_DEPTH = 100
SENSOR_DEPTH = 10


def stream() -> QoSProfile:
    """Return the profile of commands, actions, states and simulated images: nothing is lost."""
    return QoSProfile(
        history=HistoryPolicy.KEEP_LAST,
        depth=STREAM_DEPTH,
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
    """Return the profile of a real camera: the newest picture counts, a lost one is not sent again."""
    return QoSProfile(
        history=HistoryPolicy.KEEP_LAST,
        depth=SENSOR_DEPTH,
        reliability=ReliabilityPolicy.BEST_EFFORT,
        durability=DurabilityPolicy.VOLATILE,
    )


def images(*, lockstep: bool) -> QoSProfile:
    """Return the profile of everybody who reads pictures.

    The arm waits for every picture in lockstep. Otherwise readers ask for best effort, which a reliable writer offers
    too: some camera drivers publish one way, some the other (docs/graph.md).
    """
    return stream() if lockstep else sensor()
