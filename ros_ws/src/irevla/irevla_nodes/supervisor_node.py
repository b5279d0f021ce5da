"""The supervisor's ear and hand in the graph: tells it every change of a heartbeat, holds the arm when it is told to.

A process of its own, so that whoever uses the supervisor has rclpy for itself. Lines come and go on stdin and stdout.
"""

from __future__ import annotations

import json
import sys
import threading

from rclpy.node import Node
from std_srvs.srv import Trigger

from irevla.config import topics
from irevla_msgs.msg import Heartbeat
from irevla_nodes import qos
from irevla_nodes.graph.monitor import HEARTBEAT_PREFIX, HOLD_PREFIX
from irevla_nodes.spin import run_node


class SupervisorNode(Node):
    """Writes ``@heartbeat {...}`` lines; reads ``@hold <why>`` lines."""

    def __init__(self) -> None:
        super().__init__("supervisor")
        self._heard: dict[str, tuple[int, str]] = {}
        self._hold = self.create_client(Trigger, topics.HOLD)
        self.create_subscription(Heartbeat, topics.HEARTBEAT, self._on_heartbeat, qos.stream())
        threading.Thread(target=self._read, name="stdin", daemon=True).start()

    def _on_heartbeat(self, beat: Heartbeat) -> None:
        if self._heard.get(beat.node) != (beat.pid, beat.state):
            self._heard[beat.node] = (beat.pid, beat.state)
            line = json.dumps({"node": beat.node, "pid": int(beat.pid), "state": beat.state})
            sys.stdout.write(f"{HEARTBEAT_PREFIX}{line}\n")
            sys.stdout.flush()

    def _read(self) -> None:
        for line in sys.stdin:
            if line.startswith(HOLD_PREFIX):
                why = line.removeprefix(HOLD_PREFIX).strip()
                if self._hold.service_is_ready():
                    self.get_logger().warn(f"holding the arm: {why}")
                    self._hold.call_async(Trigger.Request())
                else:
                    self.get_logger().warn(f"no arbiter to hold the arm: {why}")


def main() -> int:
    """Run the node until it is told to end."""
    return run_node(SupervisorNode)


if __name__ == "__main__":
    sys.exit(main())
