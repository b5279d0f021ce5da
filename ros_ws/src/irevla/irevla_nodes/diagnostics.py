"""A node's condition in words and numbers, for rqt, Foxglove and `ros2 topic echo /diagnostics`."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping

import psutil
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from rclpy.callback_groups import MutuallyExclusiveCallbackGroup
from rclpy.clock import Clock, ClockType
from rclpy.node import Node

from irevla.config import topics
from irevla_nodes import qos
from irevla_nodes.heartbeat import OK, Heartbeat

PERIOD_S = 1.0
Facts = Mapping[str, object]


def no_facts() -> Facts:
    """Return nothing: the node has no numbers that matter."""
    return {}


def no_warning() -> str:
    """Return that nothing needs a person's eye."""
    return ""


class Diagnostics:
    """Publishes the node's own status on `/diagnostics` at 1 Hz of wall time (REP 107).

    ERROR is what the heartbeat says is wrong; WARN is what a person should look at while the node itself is well.
    """

    def __init__(
        self,
        node: Node,
        heartbeat: Heartbeat,
        facts: Callable[[], Facts] = no_facts,
        *,
        warning: Callable[[], str] = no_warning,
        hardware_id: str = "",
    ) -> None:
        """``facts``: the key-values beside the process's memory, ``warning``: plain words or "".

        An OSError of theirs is an ERROR, no crash.
        ``hardware_id``: the device behind the node; "" means the computer it runs on.
        """
        self._heartbeat, self._facts, self._warning = heartbeat, facts, warning
        self._name = node.get_fully_qualified_name().lstrip("/")
        self._hardware_id = hardware_id or socket.gethostname()
        self._process = psutil.Process()
        self._publisher = node.create_publisher(DiagnosticArray, topics.DIAGNOSTICS, qos.stream())
        # Its own group: a fact that waits for a slow disk must not silence the heartbeat.
        self._timer = node.create_timer(
            PERIOD_S,
            self.publish,
            callback_group=MutuallyExclusiveCallbackGroup(),
            clock=Clock(clock_type=ClockType.STEADY_TIME),
        )

    def publish(self) -> None:
        """Publish the status now."""
        message = DiagnosticArray(status=[self._status()])
        message.header.stamp = Clock(clock_type=ClockType.SYSTEM_TIME).now().to_msg()
        self._publisher.publish(message)

    def _status(self) -> DiagnosticStatus:
        status = DiagnosticStatus(name=self._name, hardware_id=self._hardware_id)
        try:
            memory_mb = round(self._process.memory_info().rss / 1e6)
            facts = {**self._facts(), "memory_mb": memory_mb}
            status.values = [KeyValue(key=key, value=_text(value)) for key, value in facts.items()]
            warning = self._warning()
        except OSError as error:
            status.level, status.message = DiagnosticStatus.ERROR, str(error)
            return status
        words = self._heartbeat.state()
        if words != OK:
            status.level, status.message = DiagnosticStatus.ERROR, words
        elif warning:
            status.level, status.message = DiagnosticStatus.WARN, warning
        else:
            status.level, status.message = DiagnosticStatus.OK, OK
        return status


def _text(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
