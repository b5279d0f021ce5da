"""Executors, callback groups, guard conditions, tasks."""

import threading
import time
from typing import Any

import pytest


def overlap(graph: Any, group: Any) -> int:
    """Run three slow timers in ``group``; return how many were ever inside at once."""
    node, inside, most = graph.node("busy"), [0], [0]
    lock = threading.Lock()
    rounds: list[int] = []

    def slow() -> None:
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        time.sleep(0.03)
        with lock:
            inside[0] -= 1
        rounds.append(1)

    for _ in range(3):
        node.create_timer(0.01, slow, callback_group=group)
    assert graph.until(lambda: len(rounds) >= 9)
    return most[0]


def test_a_mutually_exclusive_group_runs_one_callback_at_a_time(graph: Any) -> None:
    from rclpy.callback_groups import MutuallyExclusiveCallbackGroup

    assert overlap(graph, MutuallyExclusiveCallbackGroup()) == 1


def test_a_reentrant_group_runs_callbacks_side_by_side(graph: Any) -> None:
    from rclpy.callback_groups import ReentrantCallbackGroup

    assert overlap(graph, ReentrantCallbackGroup()) > 1


def test_a_busy_group_loses_no_message_and_blocks_no_other_group(graph: Any) -> None:
    from rclpy.callback_groups import MutuallyExclusiveCallbackGroup
    from std_msgs.msg import Int32

    node, slow, fast = graph.node("busy"), [], []

    def hold(message: Any) -> None:
        time.sleep(0.02)
        slow.append(message.data)

    node.create_subscription(Int32, "numbers", hold, 50, callback_group=MutuallyExclusiveCallbackGroup())
    node.create_subscription(
        Int32, "numbers", lambda m: fast.append(m.data), 50, callback_group=MutuallyExclusiveCallbackGroup()
    )
    publisher = node.create_publisher(Int32, "numbers", 50)
    assert graph.until(lambda: publisher.get_subscription_count() == 2)
    for number in range(20):
        publisher.publish(Int32(data=number))
    assert graph.until(lambda: len(fast) == 20)
    assert len(slow) < 20
    assert graph.until(lambda: len(slow) == 20)
    assert slow == list(range(20))


def test_an_idle_executor_uses_no_cpu(graph: Any) -> None:
    node = graph.node("idle")
    node.create_timer(60.0, lambda: None)
    time.sleep(0.2)
    before = time.process_time()
    time.sleep(0.5)
    assert time.process_time() - before < 0.05


def test_a_busy_group_makes_no_hot_loop(graph: Any) -> None:
    from rclpy.callback_groups import MutuallyExclusiveCallbackGroup
    from std_msgs.msg import Int32

    node, group, release = graph.node("busy"), MutuallyExclusiveCallbackGroup(), threading.Event()
    node.create_subscription(Int32, "numbers", lambda message: release.wait(5.0), 10, callback_group=group)
    node.create_timer(0.01, lambda: None, callback_group=group)
    publisher = node.create_publisher(Int32, "numbers", 10)
    assert graph.until(lambda: publisher.get_subscription_count() == 1)
    for _ in range(3):
        publisher.publish(Int32())
    time.sleep(0.2)
    before = time.process_time()
    time.sleep(0.5)
    used = time.process_time() - before
    release.set()
    assert used < 0.1


def test_spin_once_returns_at_its_time_out(ros: int) -> None:
    import rclpy
    from rclpy.node import Node

    node = Node("idle", start_parameter_services=False)
    began = time.monotonic()
    rclpy.spin_once(node, timeout_sec=0.1)
    assert 0.08 < time.monotonic() - began < 0.6
    began = time.monotonic()
    rclpy.spin_once(node, timeout_sec=0.0)
    assert time.monotonic() - began < 0.1
    node.destroy_node()


@pytest.mark.parametrize("kind", ["SingleThreadedExecutor", "MultiThreadedExecutor"])
def test_an_exception_in_a_callback_leaves_spin(ros: int, kind: str) -> None:
    from rclpy import executors
    from rclpy.node import Node

    node = Node("failing")
    executor = getattr(executors, kind)()
    executor.add_node(node)

    def fail() -> None:
        raise ValueError("a bug")

    node.create_timer(0.01, fail)
    with pytest.raises(ValueError, match="a bug"):
        executor.spin()
    executor.shutdown()
    node.destroy_node()


def test_a_guard_condition_runs_its_callback_once_a_trigger(graph: Any) -> None:
    calls: list[int] = []
    guard = graph.node("guarded").create_guard_condition(lambda: calls.append(1))
    time.sleep(0.05)
    assert calls == []
    guard.trigger()
    assert graph.until(lambda: len(calls) == 1)
    guard.trigger()
    assert graph.until(lambda: len(calls) == 2)


def test_a_task_gives_its_result_and_may_await_another(graph: Any) -> None:
    from rclpy.task import Future

    answer: Any = Future()

    async def work() -> int:
        return 1 + await answer

    task = graph.executor.create_task(work)
    time.sleep(0.05)
    assert not task.done()
    answer.set_result(41)
    assert graph.result(task) == 42


def test_a_failing_task_gives_its_exception(ros: int) -> None:
    from rclpy.executors import SingleThreadedExecutor

    def fail() -> None:
        raise ValueError("a bug")

    executor = SingleThreadedExecutor()
    task = executor.create_task(fail)
    try:
        executor.spin_until_future_complete(task, timeout_sec=15.0)
    except ValueError:
        pass  # rclpy gives it to the spinning thread as well
    assert task.done()
    with pytest.raises(ValueError, match="a bug"):
        task.result()


def test_shutdown_of_the_context_ends_a_wait_at_once(ros: int) -> None:
    import rclpy
    from rclpy.executors import ExternalShutdownException
    from rclpy.node import Node

    node, ended = Node("waiting"), []

    def spin() -> None:
        try:
            rclpy.spin(node)
        except ExternalShutdownException:
            pass
        ended.append(time.monotonic())

    thread = threading.Thread(target=spin)
    thread.start()
    time.sleep(0.2)
    began = time.monotonic()
    rclpy.shutdown()
    thread.join(5.0)
    assert ended
    assert ended[0] - began < 0.5


def test_a_node_can_leave_its_executor_and_come_back(graph: Any) -> None:
    node, calls = graph.node("wanderer"), []
    node.create_timer(0.01, lambda: calls.append(1))
    assert graph.until(lambda: calls)
    graph.executor.remove_node(node)
    time.sleep(0.1)
    before = len(calls)
    time.sleep(0.1)
    assert len(calls) == before
    graph.executor.add_node(node)
    assert graph.until(lambda: len(calls) > before)


def test_init_twice_is_an_error_and_after_shutdown_it_is_not(ros: int) -> None:
    import rclpy
    from rclpy.signals import SignalHandlerOptions

    assert rclpy.ok()
    with pytest.raises(RuntimeError):
        rclpy.init(args=[], domain_id=ros, signal_handler_options=SignalHandlerOptions.NO)
    rclpy.shutdown()
    assert not rclpy.ok()
    rclpy.init(args=[], domain_id=ros, signal_handler_options=SignalHandlerOptions.NO)
    assert rclpy.ok()
