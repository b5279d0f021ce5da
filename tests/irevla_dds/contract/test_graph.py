"""What a node can learn about the graph, and the logs it keeps."""

from typing import Any

import pytest


def test_publishers_are_counted_as_they_come_and_go(graph: Any) -> None:
    from irevla_msgs.msg import MotionCommand

    watcher, first, second = graph.node("watcher"), graph.node("arbiter"), graph.node("intruder")
    assert watcher.count_publishers("arbiter/command") == 0
    first.create_publisher(MotionCommand, "arbiter/command", 1)
    assert graph.until(lambda: watcher.count_publishers("arbiter/command") == 1)
    wrong = second.create_publisher(MotionCommand, "arbiter/command", 1)
    assert graph.until(lambda: watcher.count_publishers("arbiter/command") == 2)
    second.destroy_publisher(wrong)
    assert graph.until(lambda: watcher.count_publishers("arbiter/command") == 1)


def test_a_publisher_is_known_by_node_type_and_qos(graph: Any) -> None:
    from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy

    from irevla_msgs.msg import MotionCommand

    watcher, arbiter = graph.node("watcher"), graph.node("arbiter", namespace="/rig0")
    qos = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
    arbiter.create_publisher(MotionCommand, "command", qos)
    assert graph.until(lambda: watcher.count_publishers("/rig0/command") == 1)
    info = watcher.get_publishers_info_by_topic("/rig0/command")[0]
    assert (info.node_name, info.node_namespace) == ("arbiter", "/rig0")
    assert info.topic_type == "irevla_msgs/msg/MotionCommand"
    assert info.qos_profile.reliability == ReliabilityPolicy.RELIABLE
    assert info.qos_profile.durability == DurabilityPolicy.TRANSIENT_LOCAL


def test_nodes_topics_and_services_are_listed(graph: Any) -> None:
    from std_msgs.msg import String
    from std_srvs.srv import Trigger

    node = graph.node("arbiter", namespace="rig0")
    node.create_publisher(String, "status", 1)
    node.create_service(Trigger, "hold", lambda request, response: response)
    watcher = graph.node("watcher")
    assert graph.until(lambda: ("arbiter", "/rig0") in watcher.get_node_names_and_namespaces())
    assert graph.until(lambda: ("/rig0/status", ["std_msgs/msg/String"]) in watcher.get_topic_names_and_types())
    assert graph.until(lambda: ("/rig0/hold", ["std_srvs/srv/Trigger"]) in watcher.get_service_names_and_types())


def test_remapping_renames_node_topic_and_service(domain_id: int) -> None:
    import rclpy
    from rclpy.node import Node
    from rclpy.signals import SignalHandlerOptions
    from std_msgs.msg import String

    arguments = ["-r", "__node:=renamed", "-r", "__ns:=/rig1", "-r", "state:=/other/state"]
    rclpy.init(
        args=["node", "--ros-args", *arguments], domain_id=domain_id, signal_handler_options=SignalHandlerOptions.NO
    )
    node = Node("original")
    assert node.get_fully_qualified_name() == "/rig1/renamed"
    assert node.create_publisher(String, "state", 1).topic_name == "/other/state"
    assert node.create_publisher(String, "status", 1).topic_name == "/rig1/status"
    node.destroy_node()
    rclpy.shutdown()


def test_logs_reach_rosout_from_the_wanted_level_on(graph: Any) -> None:
    from rcl_interfaces.msg import Log
    from rclpy.logging import LoggingSeverity
    from rclpy.qos import qos_profile_system_default

    watcher, lines = graph.node("watcher"), []
    watcher.create_subscription(Log, "/rosout", lines.append, qos_profile_system_default)
    speaker = graph.node("speaker", namespace="rig0")
    assert graph.until(lambda: watcher.count_publishers("/rosout") >= 2)
    speaker.get_logger().set_level(LoggingSeverity.WARN)

    def is_heard() -> bool:
        speaker.get_logger().info("quiet")
        speaker.get_logger().warning("loud")
        return any(line.msg == "loud" for line in lines)

    assert graph.until(is_heard)
    line = next(line for line in lines if line.msg == "loud")
    assert (line.name, line.level) == ("rig0.speaker", 30)
    assert not any(line.msg == "quiet" for line in lines)
    speaker.get_logger().set_level(LoggingSeverity.INFO)


def test_a_line_can_be_throttled(capfd: pytest.CaptureFixture[str], ros: int) -> None:
    from rclpy.logging import get_logger

    logger = get_logger("throttled")
    for _ in range(5):
        logger.warning("again and again", throttle_duration_sec=10.0)
        logger.info("just once", once=True)
    text = capfd.readouterr().err
    assert text.count("again and again") == 1
    assert text.count("just once") == 1
    assert "[WARN]" in text
    assert "[throttled]: again and again" in text
