"""Two cameras that never tire: noise of 640 by 480 pixels at 30 Hz, for `irevla bench dashboard`."""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

import numpy as np
from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from sensor_msgs.msg import Image

from irevla.config import topics
from irevla_nodes.heartbeat import Heartbeat
from irevla_nodes.qos import sensor
from irevla_nodes.spin import run_node

CAMERAS = ("left", "right")
WIDTH_PX, HEIGHT_PX, RATE_HZ = 640, 480, 30.0
PICTURES = 8


class PicturesNode(Node):
    """Publishes the same few pictures again and again."""

    def __init__(self) -> None:
        super().__init__("bench_pictures")
        noise = np.random.default_rng(0).integers(0, 256, (PICTURES, HEIGHT_PX * WIDTH_PX * 3), dtype=np.uint8)
        self._messages = [
            Image(height=HEIGHT_PX, width=WIDTH_PX, encoding="rgb8", step=3 * WIDTH_PX, data=data) for data in noise
        ]
        self._count = 0
        for name in CAMERAS:
            publisher = self.create_publisher(Image, topics.camera_image(name), sensor())
            clock = Clock(clock_type=ClockType.STEADY_TIME)
            self.create_timer(1 / RATE_HZ, partial(self._publish, publisher), clock=clock)
        self._heartbeat = Heartbeat(self)

    def _publish(self, publisher: Any) -> None:
        self._count += 1
        message = self._messages[self._count % PICTURES]
        message.header.stamp = self.get_clock().now().to_msg()
        publisher.publish(message)


def main() -> int:
    """Run until SIGINT."""
    return run_node(PicturesNode)


if __name__ == "__main__":
    sys.exit(main())
