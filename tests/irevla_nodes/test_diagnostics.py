"""A node's own status: its level from the heartbeat's words, its facts as key-values."""

from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest

import irevla_dds

irevla_dds.activate()

import rclpy  # noqa: E402
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus  # noqa: E402
from rclpy.executors import SingleThreadedExecutor  # noqa: E402
from rclpy.node import Node  # noqa: E402

from irevla.config import topics  # noqa: E402
from irevla_nodes import qos  # noqa: E402
from irevla_nodes.diagnostics import Diagnostics  # noqa: E402
from irevla_nodes.heartbeat import Heartbeat  # noqa: E402

Told = Callable[..., Any]


@pytest.fixture
def told() -> Iterator[Told]:
    """Return what a node with these answers tells of itself."""
    rclpy.init(args=[], domain_id=93)
    node, reader = Node("camera_front", namespace="/rig1"), Node("reader")
    heard: list[Any] = []
    reader.create_subscription(DiagnosticArray, topics.DIAGNOSTICS, heard.append, qos.stream())
    executor = SingleThreadedExecutor()
    for one in (node, reader):
        executor.add_node(one)

    def tell(state: Callable[[], str], **options: Any) -> Any:
        kept = Diagnostics(node, Heartbeat(node, state), **options)
        for _ in range(200):
            executor.spin_once(timeout_sec=0.1)
            if heard:
                assert kept is not None
                return heard[-1].status[0]
        pytest.fail("nothing on /diagnostics within 20 s")

    yield tell
    node.destroy_node()
    reader.destroy_node()
    rclpy.shutdown()


def test_a_healthy_node_is_ok_with_its_facts_under_its_whole_name(told: Told) -> None:
    status = told(lambda: "ok", facts=lambda: {"rate_hz": 29.97123, "episode": "e1"}, hardware_id="realsense 123")
    assert status.level == DiagnosticStatus.OK
    assert (status.name, status.message, status.hardware_id) == ("rig1/camera_front", "ok", "realsense 123")
    values = {item.key: item.value for item in status.values}
    assert (values["rate_hz"], values["episode"]) == ("29.97", "e1")


def test_every_node_tells_how_much_memory_its_process_takes(told: Told) -> None:
    values = {item.key: item.value for item in told(lambda: "ok").values}
    taken_mb = psutil.Process().memory_info().rss / 1e6
    assert 0.5 * taken_mb < int(values["memory_mb"]) < 2 * taken_mb


def test_what_the_heartbeat_says_is_wrong_is_an_error(told: Told) -> None:
    status = told(lambda: "no camera at /dev/video0", warning=lambda: "slow")
    assert status.level == DiagnosticStatus.ERROR
    assert status.message == "no camera at /dev/video0"


def test_a_warning_of_a_healthy_node_is_a_warning(told: Told) -> None:
    status = told(lambda: "ok", warning=lambda: "held: arbiter/hold was called")
    assert status.level == DiagnosticStatus.WARN
    assert status.message == "held: arbiter/hold was called"


def test_a_disk_that_is_gone_is_an_error_and_ends_nothing(told: Told) -> None:
    def gone() -> dict[str, object]:
        raise OSError("no such disk")

    status = told(lambda: "ok", facts=gone)
    assert (status.level, status.message) == (DiagnosticStatus.ERROR, "no such disk")
