"""Several contexts in one process, as a tool that talks to two rigs has them."""

import time
from collections.abc import Callable
from typing import Any


def context_of(domain_id: int) -> Any:
    import rclpy
    from rclpy.context import Context

    context = Context()
    rclpy.init(args=[], context=context, domain_id=domain_id)
    return context


def spin(executor: Any, is_done: Callable[[], Any], timeout_s: float = 20.0) -> bool:
    end = time.monotonic() + timeout_s
    while not is_done() and time.monotonic() < end:
        executor.spin_once(timeout_sec=0.05)
    return bool(is_done())


def pair(context: Any, got: list[str]) -> tuple[Any, Any, Any]:
    """Return a node with a publisher and a subscription of one topic, and its executor."""
    from rclpy.executors import SingleThreadedExecutor
    from rclpy.node import Node
    from std_msgs.msg import String

    node = Node("pair", context=context)
    node.create_subscription(String, "chatter", lambda message: got.append(message.data), 10)
    publisher = node.create_publisher(String, "chatter", 10)
    executor = SingleThreadedExecutor(context=context)
    executor.add_node(node)
    return node, publisher, executor


def test_two_domains_in_one_process_are_apart(domain_id: int) -> None:
    from std_msgs.msg import String

    contexts = [context_of(domain_id), context_of(domain_id + 1)]
    heard: list[list[str]] = [[], []]
    parts = [pair(context, got) for context, got in zip(contexts, heard, strict=True)]
    for number, (_, publisher, executor) in enumerate(parts):
        assert spin(executor, lambda publisher=publisher: publisher.get_subscription_count() == 1)
        publisher.publish(String(data=str(number)))
        assert spin(executor, lambda got=heard[number]: got)
    assert heard == [["0"], ["1"]]
    for (node, _, _), context in zip(parts, contexts, strict=True):
        node.destroy_node()  # rclpy's shutdown leaves its endpoints on the network
        context.shutdown()


def test_the_end_of_one_context_leaves_another_of_the_same_domain_alone(domain_id: int) -> None:
    from std_msgs.msg import String

    first, second = context_of(domain_id), context_of(domain_id)
    got: list[str] = []
    node, publisher, executor = pair(second, got)
    first.shutdown()
    assert not first.ok()
    assert second.ok()
    assert spin(executor, lambda: publisher.get_subscription_count() == 1)
    publisher.publish(String(data="alive"))
    assert spin(executor, lambda: got == ["alive"])
    node.destroy_node()
    second.shutdown()
