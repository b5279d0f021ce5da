"""Actions: goal, feedback, result, cancellation."""

import threading
import time
from typing import Any

SUCCEEDED, CANCELED, ABORTED = 4, 5, 6


def episodes(goal_handle: Any) -> Any:
    """Count up with feedback until done or cancelled."""
    from irevla_msgs.action import RunEpisodes

    for number in range(goal_handle.request.episodes):
        if goal_handle.is_cancel_requested:
            goal_handle.canceled()
            return RunEpisodes.Result(episodes=number)
        goal_handle.publish_feedback(RunEpisodes.Feedback(episodes=number))
        time.sleep(0.01)
    goal_handle.succeed()
    return RunEpisodes.Result(episodes=goal_handle.request.episodes, labels=[True, False])


def serve(graph: Any, execute: Any = episodes, **options: Any) -> Any:
    """Start a server and a client; return the client."""
    from rclpy.action import ActionClient, ActionServer, CancelResponse
    from rclpy.callback_groups import ReentrantCallbackGroup

    from irevla_msgs.action import RunEpisodes

    options.setdefault("cancel_callback", lambda goal: CancelResponse.ACCEPT)
    node = graph.node("server")
    ActionServer(node, RunEpisodes, "session/run", execute, callback_group=ReentrantCallbackGroup(), **options)
    client = ActionClient(graph.node("client"), RunEpisodes, "session/run")
    assert client.wait_for_server(timeout_sec=20.0)
    return client


def test_a_goal_gives_feedback_and_a_result(graph: Any) -> None:
    from irevla_msgs.action import RunEpisodes

    client, heard = serve(graph), []
    future = client.send_goal_async(
        RunEpisodes.Goal(episodes=5), feedback_callback=lambda message: heard.append(message.feedback.episodes)
    )
    goal = graph.result(future)
    assert goal.accepted
    response = graph.result(goal.get_result_async())
    assert (response.status, response.result.episodes) == (SUCCEEDED, 5)
    assert list(response.result.labels) == [True, False]
    assert graph.until(lambda: len(heard) == 5)
    assert heard == [0, 1, 2, 3, 4]


def test_a_result_asked_for_late_is_still_there(graph: Any) -> None:
    from irevla_msgs.action import RunEpisodes

    client = serve(graph)
    goal = graph.result(client.send_goal_async(RunEpisodes.Goal(episodes=1)))
    time.sleep(0.3)
    assert graph.result(goal.get_result_async()).result.episodes == 1


def test_a_goal_can_be_refused(graph: Any) -> None:
    from rclpy.action import GoalResponse

    from irevla_msgs.action import RunEpisodes

    client = serve(graph, goal_callback=lambda goal: GoalResponse.REJECT)
    assert not graph.result(client.send_goal_async(RunEpisodes.Goal(episodes=1))).accepted


def test_a_cancellation_stops_the_goal(graph: Any) -> None:
    from irevla_msgs.action import RunEpisodes

    client = serve(graph)
    goal = graph.result(client.send_goal_async(RunEpisodes.Goal(episodes=1000)))
    result = goal.get_result_async()
    time.sleep(0.1)
    answer = graph.result(goal.cancel_goal_async())
    assert answer.return_code == 0
    assert len(answer.goals_canceling) == 1
    response = graph.result(result)
    assert response.status == CANCELED
    assert 0 < response.result.episodes < 1000


def test_a_refused_cancellation_lets_the_goal_go_on(graph: Any) -> None:
    from rclpy.action import CancelResponse

    from irevla_msgs.action import RunEpisodes

    client = serve(graph, cancel_callback=lambda goal: CancelResponse.REJECT)
    goal = graph.result(client.send_goal_async(RunEpisodes.Goal(episodes=20)))
    # Jazzy's return code says that the request was right, later ones and ours that it was refused.
    assert not graph.result(goal.cancel_goal_async()).goals_canceling
    assert graph.result(goal.get_result_async()).status == SUCCEEDED


def test_a_callback_that_raises_aborts_the_goal_and_not_the_node(graph: Any) -> None:
    from irevla_msgs.action import RunEpisodes

    def fail(goal_handle: Any) -> Any:
        raise RuntimeError("the arm is not there")

    client = serve(graph, fail)
    for _ in range(2):
        goal = graph.result(client.send_goal_async(RunEpisodes.Goal()))
        assert graph.result(goal.get_result_async()).status == ABORTED


def test_two_goals_run_at_once(graph: Any) -> None:
    from irevla_msgs.action import RunEpisodes

    both = threading.Barrier(2, timeout=15.0)

    def meet(goal_handle: Any) -> Any:
        both.wait()
        goal_handle.succeed()
        return RunEpisodes.Result(episodes=goal_handle.request.episodes)

    client = serve(graph, meet)
    goals = [graph.result(client.send_goal_async(RunEpisodes.Goal(episodes=number))) for number in (1, 2)]
    assert [graph.result(goal.get_result_async()).result.episodes for goal in goals] == [1, 2]


def test_a_coroutine_may_execute_a_goal(graph: Any) -> None:
    from irevla_msgs.action import RunEpisodes

    async def execute(goal_handle: Any) -> Any:
        goal_handle.succeed()
        return RunEpisodes.Result(message="done")

    client = serve(graph, execute)
    goal = graph.result(client.send_goal_async(RunEpisodes.Goal()))
    assert graph.result(goal.get_result_async()).result.message == "done"


def test_a_server_that_is_not_there_is_a_time_out(graph: Any) -> None:
    from rclpy.action import ActionClient

    from irevla_msgs.action import RunEpisodes

    client = ActionClient(graph.node("client"), RunEpisodes, "nobody")
    began = time.monotonic()
    assert not client.wait_for_server(timeout_sec=0.2)
    assert time.monotonic() - began < 1.0
