"""A node's sign of life, from its own loop: a node that hangs falls silent."""

from __future__ import annotations

import os
from collections.abc import Callable

from rclpy.clock import Clock, ClockType
from rclpy.node import Node

from irevla.config import topics
from irevla_msgs.msg import Heartbeat as HeartbeatMessage
from irevla_nodes import qos

PERIOD_S = 0.2
OK = "ok"


def always_ok() -> str:
    """Return the state of a node that has nothing to tell."""
    return OK


class Heartbeat:
    """Publishes `heartbeat` at 5 Hz of wall time, whatever `use_sim_time` says."""

    def __init__(self, node: Node, state: Callable[[], str] = always_ok) -> None:
        """``state`` returns "ok", or plain words of what is wrong; it is called in the node's executor."""
        self._node = node
        self.state = state
        self._publisher = node.create_publisher(HeartbeatMessage, topics.HEARTBEAT, qos.stream())
        # A steady clock: simulated time may stand still, and the node would seem dead.
        self._timer = node.create_timer(PERIOD_S, self.beat, clock=Clock(clock_type=ClockType.STEADY_TIME))
        self.beat()

    def beat(self) -> None:
        """Publish one sign of life now."""
        message = HeartbeatMessage()
        message.header.stamp = Clock(clock_type=ClockType.SYSTEM_TIME).now().to_msg()
        message.node, message.pid, message.state = self._node.get_name(), os.getpid(), self.state()
        self._publisher.publish(message)
