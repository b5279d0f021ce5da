"""What a ROS user expects of any graph, on the real rig: diagnostics, parameters, frames, refusals in words."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from irevla.config import topics
from irevla_nodes.graph.node_command import node_command, node_names

OVERRIDES = ("limits.heartbeat_timeout_s=10",)  # a loaded test machine may take its time
RUNTIMES_OWN = ("use_sim_time", "start_type_description_service")  # rclpy declares these, without words
SETTABLE = {
    "session": {
        "max_steps",
        "reset_timeout_s",
        "guide_timeout_s",
        "step_timeout_s",
        "learner_timeout_s",
        "min_free_mb",
    },
    "teleop": {"key_speed", "expert_noise"},
}


class Asker:
    """Calls any service of the graph, through the client's spinning node."""

    def __init__(self, graph: Any) -> None:
        self._graph = graph
        self._clients: dict[str, Any] = {}

    def __call__(self, kind: Any, name: str, **fields: Any) -> Any:
        if name not in self._clients:
            self._clients[name] = self._graph.client.node.create_client(kind, name)
        client = self._clients[name]
        assert client.wait_for_service(timeout_sec=30.0), f"{name} is not there"
        return self._graph.result_of(client.call_async(kind.Request(**fields)))


@pytest.fixture(scope="module")
def ask(graph: Any) -> Asker:
    return Asker(graph)


@pytest.fixture(scope="module")
def statuses(graph: Any) -> dict[str, Any]:
    """The newest diagnostic status of each node, kept up to date."""
    from diagnostic_msgs.msg import DiagnosticArray

    from irevla_nodes import qos

    newest: dict[str, Any] = {}

    def hear(message: Any) -> None:
        newest.update({status.name: status for status in message.status})

    graph.client.node.create_subscription(DiagnosticArray, topics.DIAGNOSTICS, hear, qos.stream())
    return newest


def facts(status: Any) -> dict[str, str]:
    return {item.key: item.value for item in status.values}


def described(ask: Asker, node: str) -> list[Any]:
    from rcl_interfaces.srv import DescribeParameters, ListParameters

    names = list(ask(ListParameters, f"/{node}/list_parameters").result.names)
    return list(ask(DescribeParameters, f"/{node}/describe_parameters", names=names).descriptors)


def set_parameter(ask: Asker, node: str, name: str, value: Any) -> Any:
    from rcl_interfaces.srv import SetParameters
    from rclpy.parameter import Parameter

    message = Parameter(name, value=value).to_parameter_msg()
    (result,) = ask(SetParameters, f"/{node}/set_parameters", parameters=[message]).results
    return result


def test_every_node_tells_its_condition_with_what_matters(graph: Any, statuses: dict[str, Any]) -> None:
    from diagnostic_msgs.msg import DiagnosticStatus

    nodes = set(node_names(graph.settings, headless=True))
    graph.until(lambda: nodes <= set(statuses), what=f"the diagnostics of {nodes}")
    graph.until(
        lambda: facts(statuses["policy"]).get("model_hash") == graph.model_hash, what="the policy's model in them"
    )
    assert {name for name in nodes if statuses[name].level != DiagnosticStatus.OK} == set()
    assert statuses["robot"].hardware_id == statuses["camera_wrist"].hardware_id == "mujoco"
    assert int(facts(statuses["session"])["free_mb"]) > 0
    assert {"hold_reason", "limited_by"} <= set(facts(statuses["arbiter"]))
    assert facts(statuses["learner"])["state"] == "idle"


def test_every_parameter_has_words_and_every_number_its_range(graph: Any, ask: Asker) -> None:
    from rcl_interfaces.msg import ParameterType

    for node in node_names(graph.settings, headless=True):
        found = [one for one in described(ask, node) if one.name not in RUNTIMES_OWN]
        assert len(found) > 3, node
        for one in found:
            assert one.description, f"{node}: {one.name} has no description"
            if one.type == ParameterType.PARAMETER_DOUBLE:
                assert one.floating_point_range, f"{node}: {one.name} has no range"
            if one.type == ParameterType.PARAMETER_INTEGER:
                assert one.integer_range, f"{node}: {one.name} has no range"
            if one.read_only:
                assert "rig file" in one.additional_constraints, f"{node}: {one.name} does not say how to change it"
        live = {one.name.partition(".")[2] for one in found if not one.read_only}
        assert live == SETTABLE.get(node, set()), node


def test_a_live_parameter_counts_from_the_next_episode_on(graph: Any, ask: Asker) -> None:
    assert set_parameter(ask, "session", "session.max_steps", 5).successful
    result = graph.client.run_row(mode="policy", kind="eval", first_seed=1, episodes=1)
    assert result.episodes == 1, result.message
    assert graph.store.record(result.episode_ids[0]).steps == 5
    assert set_parameter(ask, "session", "session.max_steps", 12).successful


@pytest.mark.parametrize(
    ("node", "name", "value", "words"),
    [
        ("session", "session.max_steps", 20_000, "10000"),
        ("session", "session.max_steps", "many", "session.max_steps: Input should be a valid integer"),
        ("session", "session.step_timeout_s", 0.0, "greater than 0"),
        ("teleop", "teleop.key_speed", 1.5, "1.0"),
        ("arbiter", "limits.step_m", 0.2, "read-only"),
        ("learner", "session.max_steps", 5, "read-only"),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_words(ask: Asker, node: str, name: str, value: Any, words: str) -> None:
    result = set_parameter(ask, node, name, value)
    assert not result.successful
    assert words in result.reason


def test_the_arms_and_the_cameras_frames_make_one_tree(graph: Any) -> None:
    from tf2_msgs.msg import TFMessage

    from irevla_nodes import qos

    static, moving = {}, []
    listener = qos.latched()
    listener.depth = 100

    def hear(message: Any) -> None:
        static.update({one.child_frame_id: one.header.frame_id for one in message.transforms})

    graph.client.node.create_subscription(TFMessage, topics.TF_STATIC, hear, listener)
    graph.client.node.create_subscription(TFMessage, topics.TF, lambda one: moving.extend(one.transforms), qos.stream())
    tree = {"front_optical_frame": "panda_link0", "wrist_optical_frame": "panda_hand_tcp"}
    graph.until(lambda: static == tree, what=f"both cameras' mounts, late as we are; so far {static}")
    began = len(graph.client.arms)
    assert graph.client.run_row(mode="expert", kind="demo", first_seed=2, episodes=1).episodes == 1

    def key(stamp: Any) -> tuple[int, int]:
        return int(stamp.sec), int(stamp.nanosec)

    states = {key(one.header.stamp): one.tcp_pose.position for one in graph.client.arms[began:]}
    graph.until(lambda: set(states) <= {key(one.header.stamp) for one in moving}, what="a transform for each state")
    assert {(one.header.frame_id, one.child_frame_id) for one in moving} == {("panda_link0", "panda_hand_tcp")}
    assert len({key(one.header.stamp) for one in moving}) == len(moving), "tf2 warns of a stamp that comes twice"
    for one in moving:
        if (position := states.get(key(one.header.stamp))) is not None:
            place = one.transform.translation
            assert (place.x, place.y, place.z) == (position.x, position.y, position.z)


def test_a_request_at_the_wrong_moment_is_refused_in_words(graph: Any, ask: Asker) -> None:
    from irevla_msgs.srv import FinishTask

    client = graph.client
    label = client.ask(topics.LABEL_EPISODE, episode_id="", label="success", who="ada")
    assert not label.success and "label while" in label.message and "session/start" in label.message
    assert "stop while" in client.ask(topics.STOP_EPISODE).message
    unknown = client.ask(topics.START_EPISODE, task="pick_unicorn", mode="expert", kind="demo")
    assert not unknown.success and "unknown task 'pick_unicorn'" in unknown.message and "available" in unknown.message
    finish = ask(FinishTask, topics.FINISH_TASK)
    assert not finish.success and "call learner/start_task first" in finish.message


def test_a_start_while_an_episode_is_under_way_is_refused(graph: Any) -> None:
    client = graph.client
    # Nobody holds a key: the arm stands and the episode goes on until it is stopped.
    begun = client.ask(topics.START_EPISODE, task=graph.task, mode="teleop", kind="demo", seed=3, max_steps=10_000)
    assert begun.success, begun.message
    second = client.ask(topics.START_EPISODE, task=graph.task, mode="expert", kind="demo", seed=4)
    assert not second.success and "start while" in second.message and "session/stop" in second.message
    assert client.ask(topics.STOP_EPISODE).success
    graph.until(lambda: client.episodes[-1].state in (0, 5), what="the session is free again")


@pytest.mark.parametrize("action", [topics.TRAIN_ROUND, topics.RUN_EPISODES])
def test_the_cancel_of_a_goal_that_is_not_there_is_refused(ask: Asker, action: str) -> None:
    from action_msgs.msg import GoalInfo
    from action_msgs.srv import CancelGoal
    from unique_identifier_msgs.msg import UUID

    goal = GoalInfo(goal_id=UUID(uuid=list(range(1, 17))))
    answer = ask(CancelGoal, f"{action}/_action/cancel_goal", goal_info=goal)
    assert answer.return_code == CancelGoal.Response.ERROR_UNKNOWN_GOAL_ID
    assert not list(answer.goals_canceling)


def test_a_resume_is_refused_with_the_cause_while_it_persists_and_diagnostics_warn(
    graph: Any, ask: Asker, statuses: dict[str, Any]
) -> None:
    from diagnostic_msgs.msg import DiagnosticStatus

    from irevla_msgs.msg import MotionCommand
    from irevla_nodes import qos

    intruder = graph.client.node.create_publisher(MotionCommand, topics.COMMAND, qos.stream())
    try:
        graph.until(lambda: "2 publishers" in graph.client.statuses[-1].reason, what="the hold")
        refused = graph.client.ask(topics.RESUME)
        assert not refused.success and "2 publishers of arbiter/command" in refused.message
        graph.until(lambda: statuses["arbiter"].level == DiagnosticStatus.WARN, what="the warning")
        assert "2 publishers" in facts(statuses["arbiter"])["hold_reason"]
        held = graph.client.ask(topics.START_EPISODE, task=graph.task, mode="expert", kind="demo")
        assert not held.success and "call arbiter/resume first" in held.message
    finally:
        graph.client.node.destroy_publisher(intruder)
    graph.until(lambda: graph.client.ask(topics.RESUME).success, what="a resume after the intruder left")


@pytest.fixture
def second_graph(graph: Any) -> Iterator[Any]:
    """Start another one of a node, in the same place."""
    started: list[subprocess.Popen[bytes]] = []

    def start(node: str) -> tuple[int, str]:
        folder: Path = graph.folder / "second"
        command = node_command(graph.settings, node, folder)
        log = folder / f"{node}.log"
        with log.open("wb") as out:
            environment = {**os.environ, **command.environment}
            started.append(subprocess.Popen(command.argv, env=environment, stdout=out, stderr=out))
        return started[-1].wait(60.0), log.read_text()

    yield start
    for process in started:
        process.kill()


@pytest.mark.parametrize("node", ["robot", "arbiter"])
def test_a_second_one_in_the_same_namespace_does_not_start(graph: Any, second_graph: Any, node: str) -> None:
    status, log = second_graph(node)
    assert status == 1
    assert "another graph runs in this domain and namespace" in log
    assert not graph.client.statuses[-1].hold, "the first graph goes on"
    assert graph.client.run_row(mode="expert", kind="demo", first_seed=9, episodes=1).episodes == 1
