"""Services and clients."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest


def times_out(call: Callable[[], Any]) -> bool:
    """Say whether a call gives up: Jazzy's returns None, later ones and ours raise TimeoutError."""
    try:
        return call() is None
    except TimeoutError:
        return True


def test_a_call_gets_its_own_answer(graph: Any) -> None:
    from irevla_msgs.srv import LabelEpisode

    server, client_node = graph.node("server"), graph.node("client")

    def answer(request: Any, response: Any) -> Any:
        response.success, response.message = True, f"{request.episode_id} is a {request.label}"
        return response

    server.create_service(LabelEpisode, "session/label", answer)
    client = client_node.create_client(LabelEpisode, "session/label")
    assert client.wait_for_service(timeout_sec=20.0)
    futures = [
        client.call_async(LabelEpisode.Request(episode_id=f"e{number}", label="success")) for number in range(10)
    ]
    answers = [graph.result(future).message for future in futures]
    assert answers == [f"e{number} is a success" for number in range(10)]


def test_two_clients_do_not_get_each_others_answers(graph: Any) -> None:
    from std_srvs.srv import SetBool

    def answer(request: Any, response: Any) -> Any:
        response.message = str(request.data)
        return response

    graph.node("server").create_service(SetBool, "set", answer)
    clients = [graph.node(f"client{number}").create_client(SetBool, "set") for number in range(2)]
    assert all(client.wait_for_service(timeout_sec=20.0) for client in clients)
    futures = [client.call_async(SetBool.Request(data=bool(number))) for number, client in enumerate(clients)]
    assert [graph.result(future).message for future in futures] == ["False", "True"]


def test_a_service_that_is_not_there_is_a_time_out_not_a_hang(graph: Any) -> None:
    from std_srvs.srv import Trigger

    client = graph.node("client").create_client(Trigger, "nobody")
    began = time.monotonic()
    assert not client.wait_for_service(timeout_sec=0.2)
    assert not client.service_is_ready()
    assert times_out(lambda: client.call(Trigger.Request(), timeout_sec=0.2))
    assert time.monotonic() - began < 2.0


def test_a_blocking_call_from_a_callback_works_with_threads(graph: Any) -> None:
    from rclpy.callback_groups import ReentrantCallbackGroup
    from std_srvs.srv import Trigger

    group = ReentrantCallbackGroup()
    front, back = graph.node("front"), graph.node("back")

    def inner(request: Any, response: Any) -> Any:
        response.success, response.message = True, "inner"
        return response

    back.create_service(Trigger, "inner", inner)
    client = front.create_client(Trigger, "inner", callback_group=group)

    def outer(request: Any, response: Any) -> Any:
        response.message = f"outer of {client.call(Trigger.Request(), timeout_sec=15.0).message}"
        return response

    front.create_service(Trigger, "outer", outer, callback_group=group)
    caller = graph.node("caller").create_client(Trigger, "outer")
    assert client.wait_for_service(timeout_sec=20.0)
    assert caller.wait_for_service(timeout_sec=20.0)
    assert graph.result(caller.call_async(Trigger.Request())).message == "outer of inner"


def test_a_coroutine_may_await_another_service(graph: Any) -> None:
    from std_srvs.srv import Trigger

    node = graph.node("both")

    def inner(request: Any, response: Any) -> Any:
        response.message = "inner"
        return response

    from rclpy.callback_groups import ReentrantCallbackGroup

    group = ReentrantCallbackGroup()
    node.create_service(Trigger, "inner", inner, callback_group=group)
    client = node.create_client(Trigger, "inner", callback_group=group)

    async def outer(request: Any, response: Any) -> Any:
        answer = await client.call_async(Trigger.Request())
        response.message = f"outer of {answer.message}"
        return response

    node.create_service(Trigger, "outer", outer, callback_group=group)
    caller = graph.node("caller").create_client(Trigger, "outer")
    assert client.wait_for_service(timeout_sec=20.0)
    assert caller.wait_for_service(timeout_sec=20.0)
    assert graph.result(caller.call_async(Trigger.Request())).message == "outer of inner"


def test_a_coroutine_waits_for_a_timer_while_other_callbacks_run_on_one_thread(ros: int) -> None:
    import rclpy
    from rclpy.callback_groups import ReentrantCallbackGroup
    from rclpy.executors import SingleThreadedExecutor
    from rclpy.node import Node
    from rclpy.task import Future
    from std_srvs.srv import Trigger

    node, ticks, arrival = Node("both"), [], Future()

    async def slow(request: Any, response: Any) -> Any:
        await arrival
        response.message = f"after {len(ticks)} ticks"
        return response

    def tick() -> None:
        ticks.append(1)
        if len(ticks) == 20:
            arrival.set_result(None)

    node.create_service(Trigger, "slow", slow, callback_group=ReentrantCallbackGroup())
    client = node.create_client(Trigger, "slow")
    assert client.wait_for_service(timeout_sec=20.0)
    future = client.call_async(Trigger.Request())
    node.create_timer(0.02, tick)
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    executor.spin_until_future_complete(future, timeout_sec=20.0)
    assert future.done() and int(future.result().message.split()[1]) >= 20
    assert rclpy.ok()
    node.destroy_node()


def test_an_answer_that_comes_after_the_time_out_is_dropped(graph: Any) -> None:
    from std_srvs.srv import Trigger

    release = threading.Event()

    def slow(request: Any, response: Any) -> Any:
        release.wait(3.0)
        return response

    graph.node("server").create_service(Trigger, "slow", slow)
    client = graph.node("client").create_client(Trigger, "slow")
    assert client.wait_for_service(timeout_sec=20.0)
    assert times_out(lambda: client.call(Trigger.Request(), timeout_sec=0.1))
    release.set()
    assert client.call(Trigger.Request(), timeout_sec=15.0) is not None


def test_a_wrong_request_type_is_a_type_error(graph: Any) -> None:
    from std_srvs.srv import SetBool, Trigger

    client = graph.node("client").create_client(Trigger, "trigger")
    with pytest.raises(TypeError):
        client.call_async(SetBool.Request())


def test_spin_until_future_complete_returns_at_its_time_out(ros: int) -> None:
    import rclpy
    from rclpy.node import Node
    from std_srvs.srv import Trigger

    node = Node("client")
    client = node.create_client(Trigger, "nobody")
    future = client.call_async(Trigger.Request())
    began = time.monotonic()
    rclpy.spin_until_future_complete(node, future, timeout_sec=0.2)
    assert 0.15 < time.monotonic() - began < 1.0
    assert not future.done()
    node.destroy_node()
