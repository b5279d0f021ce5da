"""Image messages: encoding against cyclonedds-python's own encoder; round trips between two processes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import rclpy
from cyclonedds.idl import IdlStruct, make_idl_struct, types
from numpy.typing import NDArray
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.serialization import deserialize_message, serialize_message
from sensor_msgs.msg import Image

from irevla.config.errors import DeadlineError
from irevla.training.benchmark.figure import Figure
from irevla_nodes.bench.echo_node import PING, PONG
from irevla_nodes.qos import stream

HEIGHT_PX, WIDTH_PX = 480, 640
SMALL_BYTES = 64
ENCODINGS = 30
ROUND_TRIPS = 300
START_TIMEOUT_S = 20.0
REPLY_TIMEOUT_S = 2.0

BASELINE = "cyclonedds-python's encoder"


def run() -> list[Figure]:
    """Measure; takes about ten seconds. Raises DeadlineError when the other process does not answer."""
    return [*codec_figures(), *round_trip_figures()]


def codec_figures() -> list[Figure]:
    """Encode and decode one 640 x 480 x 3 image with both encoders."""
    pixels = np.random.default_rng(0).integers(0, 256, HEIGHT_PX * WIDTH_PX * 3, dtype=np.uint8)
    ours, theirs = image_message(pixels), idl_image(pixels)
    our_bytes, their_bytes = serialize_message(ours), theirs.serialize()
    return [
        Figure(
            "image 640x480x3, encode",
            median_ms(lambda: serialize_message(ours), ENCODINGS),
            "ms",
            BASELINE,
            median_ms(lambda: theirs.serialize(), 5),
        ),
        Figure(
            "image 640x480x3, decode",
            median_ms(lambda: deserialize_message(our_bytes, Image), ENCODINGS),
            "ms",
            BASELINE,
            median_ms(lambda: type(theirs).deserialize(their_bytes), 5),
        ),
    ]


def round_trip_figures() -> list[Figure]:
    """Send images to an echo in another process and wait for each to come back."""
    domain_id = 150 + os.getpid() % 50
    echo = subprocess.Popen(
        [sys.executable, "-m", "irevla_dds.run", "irevla_nodes.bench.echo_node"],
        env={**os.environ, "ROS_DOMAIN_ID": str(domain_id)},
    )
    try:
        rclpy.init(args=[], domain_id=domain_id)
        pinger = Pinger()
        small = pinger.round_trips_ms(SMALL_BYTES, ROUND_TRIPS)
        large = pinger.round_trips_ms(HEIGHT_PX * WIDTH_PX * 3, ROUND_TRIPS // 3)
        pinger.destroy_node()
    finally:
        rclpy.try_shutdown()
        echo.kill()  # it has nothing to keep, and one signal in its last moments can be missed
        echo.wait(REPLY_TIMEOUT_S)
    return [
        Figure("round trip of 64 bytes, p50", float(np.percentile(small, 50)), "ms"),
        Figure("round trip of 64 bytes, p99", float(np.percentile(small, 99)), "ms"),
        Figure("round trip of 640x480x3, p50", float(np.percentile(large, 50)), "ms"),
        Figure("round trip of 640x480x3, p99", float(np.percentile(large, 99)), "ms"),
    ]


class Pinger(Node):
    """Sends an image and waits for its echo."""

    def __init__(self) -> None:
        super().__init__("pinger")
        self._ping = self.create_publisher(Image, PING, stream())
        self._came = 0
        self.create_subscription(Image, PONG, self._on_pong, stream())
        self._executor_here = SingleThreadedExecutor()
        self._executor_here.add_node(self)

    def round_trips_ms(self, size: int, count: int) -> NDArray[np.float64]:
        """Return the times of ``count`` round trips of ``size`` pixels' bytes [ms]; the first ten are not counted."""
        message = image_message(np.zeros(size, np.uint8))
        self._wait_for_echo(message)
        taken = []
        for _ in range(count + 10):
            began = time.perf_counter()
            expected = self._came + 1
            self._ping.publish(message)
            self._spin_until_came(expected, REPLY_TIMEOUT_S)
            taken.append((time.perf_counter() - began) * 1e3)
        return np.array(taken[10:])

    def _wait_for_echo(self, message: Any) -> None:
        """Send until the first echo: discovery needs a moment in both directions."""
        end = time.monotonic() + START_TIMEOUT_S
        self._came = 0
        while not self._came:
            if time.monotonic() > end:
                raise DeadlineError(f"no echo within {START_TIMEOUT_S:.0f} s; did the other process start?")
            self._ping.publish(message)
            self._executor_here.spin_once(timeout_sec=0.1)
        settled = time.monotonic() + 0.3
        while time.monotonic() < settled:
            self._executor_here.spin_once(timeout_sec=0.1)

    def _spin_until_came(self, count: int, timeout_s: float) -> None:
        end = time.monotonic() + timeout_s
        while self._came < count:
            if time.monotonic() > end:
                raise DeadlineError(f"an echo did not come within {timeout_s:.0f} s")
            self._executor_here.spin_once(timeout_sec=0.1)

    def _on_pong(self, message: Any) -> None:
        self._came += 1


def image_message(pixels: NDArray[np.uint8]) -> Any:
    """Return a sensor_msgs/Image that holds ``pixels``."""
    return Image(height=HEIGHT_PX, width=WIDTH_PX, encoding="rgb8", step=WIDTH_PX * 3, data=pixels)


def idl_image(pixels: NDArray[np.uint8]) -> IdlStruct:
    """Return the same message as cyclonedds-python would have it."""
    stamp = make_idl_struct("Time_", "Time_", {"sec": types.int32, "nanosec": types.uint32})
    header = make_idl_struct("Header_", "Header_", {"stamp": stamp, "frame_id": str})
    image = make_idl_struct(
        "Image_",
        "Image_",
        {
            "header": header,
            "height": types.uint32,
            "width": types.uint32,
            "encoding": str,
            "is_bigendian": types.uint8,
            "step": types.uint32,
            "data": types.sequence[types.uint8],
        },
    )
    return image(header(stamp(0, 0), ""), HEIGHT_PX, WIDTH_PX, "rgb8", 0, WIDTH_PX * 3, pixels.tolist())


def median_ms(call: Callable[[], Any], times: int) -> float:
    """Return the median time of ``call`` [ms]."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        taken.append((time.perf_counter() - began) * 1e3)
    return float(np.median(taken))
