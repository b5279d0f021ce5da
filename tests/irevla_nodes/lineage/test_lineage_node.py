"""The node among a policy node and a session that the test plays: what it asks of them, and what it says."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import irevla_dds
from irevla.config import topics
from irevla.training.store.episode_store import EpisodeStore

irevla_dds.activate()

import rclpy  # noqa: E402
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue  # noqa: E402
from rcl_interfaces.msg import Log  # noqa: E402
from rclpy.action import ActionClient  # noqa: E402
from rclpy.callback_groups import ReentrantCallbackGroup  # noqa: E402
from rclpy.clock import Clock, ClockType  # noqa: E402
from rclpy.executors import ExternalShutdownException, MultiThreadedExecutor  # noqa: E402
from rclpy.node import Node  # noqa: E402
from std_srvs.srv import Trigger  # noqa: E402

from irevla_msgs.action import CompareModels  # noqa: E402
from irevla_msgs.msg import EpisodeState, Heartbeat, LearnerStatus  # noqa: E402
from irevla_msgs.srv import (  # noqa: E402
    LabelEpisode,
    ListModels,
    LoadModel,
    PromoteModel,
    RollBackModel,
    StartEpisode,
)
from irevla_nodes import qos  # noqa: E402
from irevla_nodes.lineage_node import LineageNode  # noqa: E402
from irevla_nodes.serving.served_model import UNNAMED  # noqa: E402

MakeModel = Callable[..., str]
Evaluate = Callable[..., None]
TIMEOUT_S = 30.0
TASK = "press_button"


class Rig(Node):
    """The policy node, the session with its automatic operator, and whoever asks the lineage node."""

    def __init__(self, evaluate: Evaluate, store: EpisodeStore) -> None:
        super().__init__("rig")
        self._evaluate, self._store = evaluate, store
        self.policy_pid, self.served, self.refuses = 11, "", ""
        self.loads: list[tuple[str, bool]] = []
        self.started: list[tuple[str, int]] = []
        self.never_ends = False
        self.comes_to_nothing = 0  # this many episodes
        self.has_person = False  # who labels what the test says
        self.judge: Callable[[str, int], bool] = lambda model_hash, seed: True
        self.state = EpisodeState()
        self.logs: list[str] = []
        group = ReentrantCallbackGroup()
        self._states = self.create_publisher(EpisodeState, topics.EPISODE_STATE, qos.latched())
        self._beats = self.create_publisher(Heartbeat, topics.HEARTBEAT, qos.stream())
        self._diagnostics = self.create_publisher(DiagnosticArray, topics.DIAGNOSTICS, qos.stream())
        self.learner = self.create_publisher(LearnerStatus, topics.LEARNER_STATUS, qos.stream())
        logs = qos.latched()  # what was said before this node was found is heard too
        logs.depth = 1000
        self.create_subscription(Log, topics.ROSOUT, lambda line: self.logs.append(line.msg), logs)
        for kind, name, answer in (
            (LoadModel, topics.LOAD_MODEL, self._on_load),
            (StartEpisode, topics.START_EPISODE, self._on_start),
            (Trigger, topics.STOP_EPISODE, self._on_stop),
            (LabelEpisode, topics.LABEL_EPISODE, self._on_label),
            (Trigger, topics.RESUME, lambda _, response: response),
        ):
            self.create_service(kind, name, answer, callback_group=group)
        kinds = {
            topics.LIST_MODELS: ListModels,
            topics.PROMOTE_MODEL: PromoteModel,
            topics.ROLL_BACK_MODEL: RollBackModel,
        }
        self._asked = {
            name: (kind, self.create_client(kind, name, callback_group=group)) for name, kind in kinds.items()
        }
        self._compare = ActionClient(self, CompareModels, topics.COMPARE_MODELS, callback_group=group)
        self.create_timer(0.1, self._tick, callback_group=group, clock=Clock(clock_type=ClockType.STEADY_TIME))

    def ask(self, name: str, **fields: Any) -> Any:
        kind, client = self._asked[name]
        assert client.wait_for_service(timeout_sec=TIMEOUT_S)
        return result_of(client.call_async(kind.Request(**fields)))

    def promote(self, model_hash: str, **fields: Any) -> Any:
        return self.ask(topics.PROMOTE_MODEL, model_hash=model_hash, **{"who": "ann", **fields})

    def compare(self, old: str, new: str, feedback: list[Any], pairs: int = 2) -> Any:
        """Begin a comparison and return its goal handle."""
        assert self._compare.wait_for_server(timeout_sec=TIMEOUT_S)
        goal = CompareModels.Goal(old_hash=old, new_hash=new, tasks=[TASK], pairs=pairs, first_seed=5, who="ann")
        return result_of(self._compare.send_goal_async(goal, feedback_callback=feedback.append))

    def label(self, label: str) -> None:
        """Label the episode that awaits it, as a person does."""
        until(lambda: self.state.state == EpisodeState.AWAITING_LABEL, "an episode awaits its label")
        self._store.label(self.state.episode_id, label, "ann")
        self._enter(EpisodeState.SAVED, self.state.episode_id)

    def restart_policy(self, served: str) -> None:
        self.served = served
        self.policy_pid += 1

    def _tick(self) -> None:
        self._states.publish(self.state)
        self._beats.publish(Heartbeat(node="policy", pid=self.policy_pid, state="ok"))
        values = [KeyValue(key="model_hash", value=self.served)]
        self._diagnostics.publish(DiagnosticArray(status=[DiagnosticStatus(name="policy", values=values)]))

    def _on_load(self, request: Any, response: Any) -> Any:
        response.success, response.message = not self.refuses, self.refuses
        if response.success:
            self.loads.append((request.sha256, request.is_unnamed))
            self.served = UNNAMED if request.is_unnamed else request.sha256
        return response

    def _on_start(self, request: Any, response: Any) -> Any:
        assert (request.kind, request.mode, request.explore) == ("eval", "policy", False)
        self.started.append((self.loads[-1][0], int(request.seed)))
        response.success, response.episode_id = True, f"e{len(self.started)}"
        self._enter(EpisodeState.RUNNING, response.episode_id)
        if not self.never_ends:
            threading.Timer(0.02, self._end).start()
        return response

    def _end(self) -> None:
        (model_hash, seed), episode_id = self.started[-1], self.state.episode_id
        label = "success" if self.judge(model_hash, seed) else "failure"
        if self.comes_to_nothing:
            self.comes_to_nothing -= 1
            self._enter(EpisodeState.IDLE, "")
            return
        if self.has_person:
            self._evaluate(episode_id, model_hash, "", task=TASK, seed=seed)
            self._enter(EpisodeState.AWAITING_LABEL, episode_id)
            return
        self._evaluate(episode_id, model_hash, label, task=TASK, seed=seed)
        self._enter(EpisodeState.SAVED, episode_id)

    def _on_stop(self, request: Any, response: Any) -> Any:
        self._end()
        response.success = True
        return response

    def _on_label(self, request: Any, response: Any) -> Any:
        self._store.label(request.episode_id, request.label, request.who)
        response.success = True
        return response

    def _enter(self, state: int, episode_id: str) -> None:
        self.state = EpisodeState(state=state, episode_id=episode_id)
        self._states.publish(self.state)


def result_of(future: Any) -> Any:
    done = threading.Event()
    future.add_done_callback(lambda _: done.set())
    assert done.wait(TIMEOUT_S), f"no answer within {TIMEOUT_S} s"
    return future.result()


def until(claim: Callable[[], Any], what: str) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while not claim():
        assert time.monotonic() < deadline, f"did not come true within {TIMEOUT_S:.0f} s: {what}"
        time.sleep(0.02)


@pytest.fixture
def rig(store: EpisodeStore, evaluate: Evaluate, tmp_path: Any) -> Iterator[Rig]:
    """The lineage node and the played rig, each spun by threads of its own."""
    settings = {
        "session.store": store.root,
        "session.operator": "auto",
        "lineage.min_pairs": 2,
        "state_dir": tmp_path / "state",
    }
    words = [word for name, value in settings.items() for word in ("-p", f"{name}:={value}")]
    rclpy.init(args=["--ros-args", *words], domain_id=30 + os.getpid() % 60)
    nodes = (Rig(evaluate, store), LineageNode())
    executors = [MultiThreadedExecutor(num_threads=4) for _ in nodes]

    def spin(executor: Any) -> None:
        try:
            executor.spin()
        except ExternalShutdownException:
            pass

    threads = []
    for node, executor in zip(nodes, executors, strict=True):
        executor.add_node(node)
        threads.append(threading.Thread(target=spin, args=(executor,)))
        threads[-1].start()
    yield nodes[0]
    nodes[1].close()
    for executor, thread in zip(executors, threads, strict=True):
        executor.shutdown()
        thread.join(10.0)
    for node in nodes:
        node.destroy_node()
    rclpy.shutdown()


def test_a_new_model_comes_by_comparison_and_gate_and_goes_by_roll_back(
    rig: Rig, store: EpisodeStore, make_model: MakeModel
) -> None:
    old, new = make_model("old"), make_model("new")
    assert rig.promote(old).success
    refused = rig.promote(new)
    assert not refused.success and "run lineage/compare" in refused.message
    rig.judge = lambda model_hash, seed: model_hash == new or seed == 5
    feedback: list[Any] = []
    result = result_of(rig.compare(old, new, feedback).get_result_async()).result
    assert result.success, result.message
    (before,), (after,) = result.old_model, result.new_model
    assert (before.task, before.successes, before.episodes) == (TASK, 1, 2)
    assert (after.successes, after.episodes, result.only_old, result.only_new) == (2, 2, 0, 1)
    assert (result.p_value, result.passes_gate) == (1.0, True)
    assert sorted(rig.started) == sorted([(old, 5), (new, 5), (old, 6), (new, 6)])
    assert rig.loads[-1] == (old, False), "the promoted model is served again, by name"
    assert rig.promote(new, why="better").success
    back = rig.ask(topics.ROLL_BACK_MODEL, who="bob", why="it shakes")
    assert (back.success, back.model_hash, rig.served) == (True, old, old)
    listed = rig.ask(topics.LIST_MODELS)
    assert [(model.model_hash, model.is_promoted, model.exists) for model in listed.models] == [
        (old, True, True),
        (new, False, True),
    ]
    assert [(item.successes, item.episodes) for item in listed.models[1].evaluations] == [(2, 2)]
    assert [(item.model_hash, item.previous_hash, item.who, item.is_rollback) for item in listed.promotions] == [
        (old, "", "ann", False),
        (new, old, "ann", False),
        (old, new, "bob", True),
    ]


def test_nothing_says_which_model_acts_while_they_are_compared(rig: Rig, make_model: MakeModel) -> None:
    old, new = make_model("old"), make_model("new")
    rig.logs.clear()
    feedback: list[Any] = []
    handle = rig.compare(old, new, feedback, pairs=3)
    result_of(handle.get_result_async())
    until(lambda: any("compared on" in line for line in rig.logs), "its log is heard")
    said = [line for line in rig.logs if "serves" not in line]
    assert [feedback[-1].feedback.episodes, feedback[-1].feedback.of_episodes] == [6, 6]
    for name in (old, new):
        assert name[:6] not in str([item.feedback for item in feedback]) + str(said)
    assert all(is_unnamed for _, is_unnamed in rig.loads[:-1]), "the policy node does not say it either"
    assert rig.loads[-1] == (old, False), "without a promoted model, the old one is left"


def test_one_thing_at_a_time_and_a_cancel_at_any_moment(rig: Rig, store: EpisodeStore, make_model: MakeModel) -> None:
    old, new = make_model("old"), make_model("new")
    assert rig.promote(old).success
    rig.never_ends = True
    feedback: list[Any] = []
    handle = rig.compare(old, new, feedback)
    until(lambda: feedback and feedback[-1].feedback.episode_id == "e1", "the first episode runs")
    assert rig.ask(topics.LIST_MODELS).success
    for answer in (rig.promote(new), rig.ask(topics.ROLL_BACK_MODEL, who="ann")):
        assert (answer.success, answer.message) == (False, "a comparison is running; cancel it first")
    second = result_of(rig.compare(old, new, []).get_result_async()).result
    assert (second.success, second.message) == (False, "a comparison is running; cancel it first")
    result_of(handle.cancel_goal_async())
    result = result_of(handle.get_result_async()).result
    assert not result.success and "cancelled after 0 whole pairs" in result.message
    assert store.record("e1").label == "discard", "the automatic operator's label of what was stopped says nothing"
    assert rig.loads[-1] == (old, False)
    assert store.comparisons.records() == []
    assert rig.promote(new, why="now", override_gate=True).success


def test_a_comparison_waits_for_a_persons_labels(rig: Rig, make_model: MakeModel) -> None:
    old, new = make_model("old"), make_model("new")
    rig.has_person = True
    handle = rig.compare(old, new, [], pairs=1)
    for label in ("discard", "failure", "success"):
        rig.label(label)
    result = result_of(handle.get_result_async()).result
    assert result.success and result.only_old + result.only_new == 1
    assert len({*rig.started[:2]}) == 1, "the discarded one is run again"
    assert "1 labelled pairs, expected 2" in result.message
    assert not result.passes_gate


def test_an_episode_that_the_session_gives_up_is_run_again(rig: Rig, make_model: MakeModel) -> None:
    rig.comes_to_nothing = 1
    result = result_of(rig.compare(make_model("old"), make_model("new"), [], pairs=1).get_result_async()).result
    assert result.success, result.message
    assert len(rig.started) == 3


def test_a_model_is_not_changed_inside_an_episode_or_beside_a_learner(rig: Rig, make_model: MakeModel) -> None:
    old = make_model("old")
    rig.refuses = "the policy node was asked"
    rig.state = EpisodeState(state=EpisodeState.RUNNING, episode_id="e9")
    until(lambda: "episode e9 is under way" in rig.promote(old).message, "the session's state is heard")
    rig.state = EpisodeState()
    rig.learner.publish(LearnerStatus(task=TASK))
    until(lambda: f"stage 1 of {TASK} is under way" in rig.promote(old).message, "the learner's status is heard")


def test_a_policy_node_that_refuses_leaves_the_log_as_it_was(rig: Rig, make_model: MakeModel) -> None:
    old = make_model("old")
    rig.refuses = "model.safetensors is truncated"
    refused = rig.promote(old)
    assert not refused.success and "is truncated" in refused.message
    assert rig.ask(topics.LIST_MODELS).promotions == []


def test_a_restarted_policy_node_gets_the_promoted_model_and_no_other_does(rig: Rig, make_model: MakeModel) -> None:
    old = make_model("old")
    assert rig.promote(old).success
    rig.learner.publish(LearnerStatus())
    rig.restart_policy(served="")
    until(lambda: len(rig.loads) == 2, "it is loaded again")
    assert rig.loads[-1] == (old, False)
    rig.served = "on purpose"
    time.sleep(2.5)
    assert len(rig.loads) == 2, "a model that somebody loads later stays"
