"""Publishers and subscriptions."""

import time
from typing import Any

import numpy as np
import pytest


def profile(**policies: Any) -> Any:
    from rclpy.qos import QoSProfile

    return QoSProfile(**{"depth": 10, **policies})


def latched() -> Any:
    from rclpy.qos import DurabilityPolicy

    return profile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)


def best_effort() -> Any:
    from rclpy.qos import ReliabilityPolicy

    return profile(reliability=ReliabilityPolicy.BEST_EFFORT)


def test_messages_arrive_complete_and_in_order(graph: Any) -> None:
    from std_msgs.msg import String

    node, got = graph.node("pair"), []
    node.create_subscription(String, "chatter", lambda message: got.append(message.data), 100)
    publisher = node.create_publisher(String, "chatter", 100)
    assert graph.until(lambda: publisher.get_subscription_count() == 1)
    for number in range(50):
        publisher.publish(String(data=f"{number} äöü 🙂"))
    assert graph.until(lambda: len(got) == 50)
    assert got == [f"{number} äöü 🙂" for number in range(50)]


def test_an_image_comes_back_bit_for_bit(graph: Any) -> None:
    from sensor_msgs.msg import Image

    pixels = np.random.default_rng(1).integers(0, 256, 480 * 640 * 3, dtype=np.uint8)
    node, got = graph.node("pair"), []
    node.create_subscription(Image, "image", got.append, 2)
    publisher = node.create_publisher(Image, "image", 2)
    assert graph.until(lambda: publisher.get_subscription_count() == 1)
    publisher.publish(Image(height=480, width=640, step=1920, encoding="rgb8", data=pixels))
    assert graph.until(lambda: got)
    assert np.array_equal(np.asarray(got[0].data), pixels)
    assert got[0].encoding == "rgb8"


def test_a_late_joiner_gets_the_last_latched_message_only(graph: Any) -> None:
    from std_msgs.msg import String

    publisher = graph.node("early").create_publisher(String, "state", latched())
    for text in ("first", "second"):
        publisher.publish(String(data=text))
    got: list[str] = []
    graph.node("late").create_subscription(String, "state", lambda message: got.append(message.data), latched())
    assert graph.until(lambda: got)
    time.sleep(0.1)
    assert got == ["second"]


def test_a_late_joiner_of_a_volatile_topic_gets_nothing_old(graph: Any) -> None:
    from std_msgs.msg import String

    publisher = graph.node("early").create_publisher(String, "state", 10)
    publisher.publish(String(data="old"))
    got: list[str] = []
    graph.node("late").create_subscription(String, "state", lambda message: got.append(message.data), 10)
    assert graph.until(lambda: publisher.get_subscription_count() == 1)
    publisher.publish(String(data="new"))
    assert graph.until(lambda: got)
    assert got == ["new"]


def test_a_slow_reader_keeps_the_newest_messages_of_its_depth(ros: int) -> None:
    import rclpy
    from rclpy.node import Node
    from std_msgs.msg import Int32

    node, got = Node("slow"), []
    node.create_subscription(Int32, "numbers", lambda message: got.append(message.data), 3)
    publisher = node.create_publisher(Int32, "numbers", 100)
    end = time.monotonic() + 5
    while publisher.get_subscription_count() == 0 and time.monotonic() < end:
        time.sleep(0.01)
    for number in range(20):
        publisher.publish(Int32(data=number))
    time.sleep(0.2)
    for _ in range(6):
        rclpy.spin_once(node, timeout_sec=0.05)
    assert got == [17, 18, 19]
    node.destroy_node()


def test_a_reliable_subscription_gets_nothing_from_a_best_effort_publisher(graph: Any) -> None:
    from std_msgs.msg import String

    node, got = graph.node("pair"), []
    node.create_subscription(String, "chatter", got.append, profile())
    publisher = node.create_publisher(String, "chatter", best_effort())
    time.sleep(0.3)
    publisher.publish(String(data="lost"))
    time.sleep(0.2)
    assert got == []
    assert publisher.get_subscription_count() == 0


def test_a_best_effort_subscription_takes_a_reliable_publisher(graph: Any) -> None:
    from std_msgs.msg import String

    node, got = graph.node("pair"), []
    node.create_subscription(String, "chatter", got.append, best_effort())
    publisher = node.create_publisher(String, "chatter", profile())
    assert graph.until(lambda: publisher.get_subscription_count() == 1)
    publisher.publish(String(data="there"))
    assert graph.until(lambda: got)


def test_a_raw_subscription_gets_cdr_bytes(graph: Any) -> None:
    from std_msgs.msg import UInt32

    node, got = graph.node("pair"), []
    node.create_subscription(UInt32, "number", got.append, 10, raw=True)
    publisher = node.create_publisher(UInt32, "number", 10)
    assert graph.until(lambda: publisher.get_subscription_count() == 1)
    publisher.publish(UInt32(data=258))
    assert graph.until(lambda: got)
    assert got[0] == b"\x00\x01\x00\x00\x02\x01\x00\x00"


def test_publishing_another_type_is_a_type_error(graph: Any) -> None:
    from std_msgs.msg import Int32, String

    publisher = graph.node("wrong").create_publisher(String, "chatter", 10)
    with pytest.raises(TypeError):
        publisher.publish(Int32())


def test_a_destroyed_subscription_gets_nothing_more(graph: Any) -> None:
    from std_msgs.msg import String

    node, got = graph.node("pair"), []
    subscription = node.create_subscription(String, "chatter", got.append, 10)
    publisher = node.create_publisher(String, "chatter", 10)
    assert graph.until(lambda: publisher.get_subscription_count() == 1)
    assert node.destroy_subscription(subscription)
    assert graph.until(lambda: publisher.get_subscription_count() == 0)
    publisher.publish(String(data="late"))
    time.sleep(0.1)
    assert got == []


def test_private_relative_and_absolute_names(graph: Any) -> None:
    from std_msgs.msg import String

    node = graph.node("arbiter", namespace="rig0")
    names = [node.create_publisher(String, name, 1).topic_name for name in ("state", "/state", "~/state")]
    assert names == ["/rig0/state", "/state", "/rig0/arbiter/state"]


@pytest.mark.parametrize("name", ["", "a b", "1st", "a//b", "a/", "ä"])
def test_invalid_topic_names_are_refused(graph: Any, name: str) -> None:
    from std_msgs.msg import String

    with pytest.raises(Exception, match="name"):
        graph.node("wrong").create_publisher(String, name, 1)


def test_a_qos_of_zero_depth_is_refused(graph: Any) -> None:
    from std_msgs.msg import String

    # rclpy warns, and pytest makes that an error.
    with pytest.raises((ValueError, UserWarning), match=r"0|zero"):
        graph.node("wrong").create_publisher(String, "chatter", 0)


def test_an_absolute_name_is_remapped_into_the_namespace(domain_id: int) -> None:
    import rclpy
    from rclpy.node import Node
    from rclpy.signals import SignalHandlerOptions
    from tf2_msgs.msg import TFMessage

    arguments = ["node", "--ros-args", "-r", "__ns:=/rig1", "-r", "/tf:=tf"]
    rclpy.init(args=arguments, domain_id=domain_id, signal_handler_options=SignalHandlerOptions.NO)
    node = Node("robot")
    try:
        assert node.create_publisher(TFMessage, "/tf", 10).topic_name == "/rig1/tf"
        assert node.create_publisher(TFMessage, "/tf_static", 10).topic_name == "/tf_static"
    finally:
        node.destroy_node()
        rclpy.try_shutdown()
