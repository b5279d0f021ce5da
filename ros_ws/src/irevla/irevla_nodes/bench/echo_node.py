"""Sends back every image it gets: the far end of `irevla bench graph`."""

from __future__ import annotations

from rclpy.node import Node
from sensor_msgs.msg import Image

from irevla_nodes.qos import stream
from irevla_nodes.spin import run_node

PING, PONG = "bench/ping", "bench/pong"


class EchoNode(Node):
    """Decodes and encodes each message anew, as a real node would."""

    def __init__(self) -> None:
        super().__init__("echo")
        pong = self.create_publisher(Image, PONG, stream())
        self.create_subscription(Image, PING, pong.publish, stream())


def main() -> int:
    """Run until SIGINT."""
    return run_node(EchoNode)
