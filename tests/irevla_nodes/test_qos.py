"""The profiles keep what their readers need."""

import os
import time
from collections.abc import Iterator
from typing import Any

import pytest

import irevla_dds

irevla_dds.activate()

import rclpy  # noqa: E402
from rclpy.qos import ReliabilityPolicy  # noqa: E402
from std_msgs.msg import Int32  # noqa: E402

from irevla_nodes import qos  # noqa: E402

STEPS = 60  # of a simulator in lockstep, in a second


@pytest.fixture
def node() -> Iterator[Any]:
    rclpy.init(args=[], domain_id=1 + os.getpid() % 100)
    made = rclpy.create_node("listener")
    yield made
    made.destroy_node()
    rclpy.shutdown()


def test_a_listener_that_is_away_for_a_second_of_lockstep_hears_every_step(node: Any) -> None:
    heard: list[int] = []
    node.create_subscription(Int32, "step", lambda message: heard.append(message.data), qos.stream())
    publisher = node.create_publisher(Int32, "step", qos.stream())
    until_s = time.monotonic() + 15.0
    while not publisher.get_subscription_count() and time.monotonic() < until_s:
        rclpy.spin_once(node, timeout_sec=0.05)
    for step in range(STEPS):
        publisher.publish(Int32(data=step))
    while len(heard) < STEPS and time.monotonic() < until_s:
        rclpy.spin_once(node, timeout_sec=0.05)
    assert heard == list(range(STEPS))


def test_a_picture_is_never_lost_in_lockstep_and_never_waited_for_otherwise() -> None:
    assert qos.images(lockstep=True).reliability == ReliabilityPolicy.RELIABLE
    assert qos.images(lockstep=False).reliability == ReliabilityPolicy.BEST_EFFORT
