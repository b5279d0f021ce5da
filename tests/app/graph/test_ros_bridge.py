"""The real bridge against a graph of plain nodes, on whichever rclpy is importable."""

import math
import os
import threading
import time
from typing import Any

import numpy as np
import pytest

import irevla_dds

irevla_dds.activate()

from builtin_interfaces.msg import Time  # noqa: E402
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue  # noqa: E402
from rclpy.action import ActionServer, CancelResponse, GoalResponse  # noqa: E402
from rclpy.qos import DurabilityPolicy, QoSProfile  # noqa: E402
from sensor_msgs.msg import CompressedImage, Image  # noqa: E402
from std_srvs.srv import Trigger  # noqa: E402

from irevla.app.graph import facts, requests  # noqa: E402
from irevla.app.graph.bridge import Answer, CompareProgress, JobEnd, TrainProgress  # noqa: E402
from irevla.app.graph.records import EpisodeDetail, EpisodePage, Lineage, Made, Pictures  # noqa: E402
from irevla.app.graph.ros_bridge import RosBridge, make_ros_bridge  # noqa: E402
from irevla.config import topics  # noqa: E402
from irevla.config.settings import load_settings  # noqa: E402
from irevla_msgs import action, msg, srv  # noqa: E402

TIMEOUT_S = 20.0


def repeat(rig: Any, kind: Any, topic: str, message: Any, *, is_latched: bool = False) -> None:
    """Publish again and again: best effort and discovery lose the first."""
    profile = QoSProfile(depth=1)
    if is_latched:
        profile.durability = DurabilityPolicy.TRANSIENT_LOCAL
    publisher = rig.node.create_publisher(kind, topic, profile)
    rig.node.create_timer(0.02, lambda: publisher.publish(message))


def test_what_the_graph_says_comes_as_facts(rig: Any, desk: Any) -> None:
    image = np.arange(2 * 3 * 3, dtype=np.uint8)
    picture = Image(height=2, width=3, encoding="rgb8", step=9, data=image)
    picture.header.stamp = Time(sec=4, nanosec=500_000_000)
    state = msg.RobotState(episode_id="e", step=7, gripper_width_m=0.04, mode=2)
    state.tcp_pose.position.x = 0.45
    level = DiagnosticStatus.WARN
    status = DiagnosticStatus(name="session", level=level, message="slow", values=[KeyValue(key="free_mb", value="3")])
    for kind, topic, message in (
        (Image, topics.camera_image("front"), picture),
        (msg.RobotState, topics.ROBOT_STATE, state),
        (msg.ArbiterStatus, topics.ARBITER_STATUS, msg.ArbiterStatus(hold=True, reason="why", margin_m=[0.5] * 6)),
        (msg.EpisodeState, topics.EPISODE_STATE, msg.EpisodeState(state=3, task="press_button", step=9)),
        (msg.EpisodeClosed, topics.EPISODE_CLOSED, msg.EpisodeClosed(episode_id="e", label="success")),
        (msg.Action, topics.POLICY_ACTION, msg.Action(action=[0.5] * 7, q_value=math.nan, weights_version=3)),
        (msg.MotionCommand, topics.COMMAND, msg.MotionCommand(step=5, action=[0.25] * 7, source=2)),
        (msg.LearnerStatus, topics.LEARNER_STATUS, msg.LearnerStatus(task="t", updates=12, entropy=0.5)),
        (msg.TeleopStatus, topics.TELEOP_STATUS, msg.TeleopStatus(devices=["gamepad: X"], axes=[0.5] * 6)),
        (msg.TeleopButton, topics.TELEOP_BUTTON, msg.TeleopButton(device="gamepad: X", command="success")),
        (msg.Heartbeat, topics.HEARTBEAT, msg.Heartbeat(node="policy", pid=3, state="ok")),
        (DiagnosticArray, topics.DIAGNOSTICS, DiagnosticArray(status=[status])),
    ):
        latched = topic in (topics.ARBITER_STATUS, topics.EPISODE_STATE)
        repeat(rig, kind, topic, message, is_latched=latched)
    kinds = [
        facts.Picture,
        facts.Arm,
        facts.Arbiter,
        facts.EpisodeNow,
        facts.EpisodeClosed,
        facts.PolicyStep,
        facts.Command,
        facts.Learner,
        facts.Teleop,
        facts.Button,
        facts.Beat,
        facts.Diagnosis,
    ]
    desk.until(lambda: all(desk.heard(kind) for kind in kinds))
    seen = desk.heard(facts.Picture)[-1]
    assert (seen.camera, seen.stamp_s, seen.image.shape) == ("front", 4.5, (2, 3, 3))
    assert seen.image.ravel().tolist() == image.tolist()
    arm = desk.heard(facts.Arm)[-1]
    assert (arm.position_m, arm.step, arm.gripper_width_m, arm.mode) == ((0.45, 0.0, 0.0), 7, 0.04, 2)
    assert desk.heard(facts.Arbiter)[-1].margin_m == (0.5,) * 6
    assert desk.heard(facts.EpisodeNow)[-1].phase is facts.Phase.RUNNING
    policy = desk.heard(facts.PolicyStep)[-1]
    assert policy.action == (0.5,) * 7 and math.isnan(policy.q_value) and policy.weights_version == 3
    assert desk.heard(facts.Teleop)[-1].devices == ("gamepad: X",)
    diagnosis = desk.heard(facts.Diagnosis)[-1]
    assert (diagnosis.level, diagnosis.values) == (facts.Diagnosis.WARN, (("free_mb", "3"),))


def test_log_lines_of_other_nodes_come(rig: Any, desk: Any) -> None:
    rig.node.create_timer(0.05, lambda: rig.node.get_logger().warn("the disk is nearly full"))
    desk.until(lambda: any(line.msg == "the disk is nearly full" for line in desk.heard(facts.LogLine)))
    line = next(line for line in desk.heard(facts.LogLine) if line.name == "rig")
    assert line.level == 30 and abs(line.stamp_s - time.time()) < 60


def test_a_picture_of_another_encoding_or_size_is_no_fact(rig: Any, desk: Any) -> None:
    whole = {"height": 1, "width": 1, "encoding": "rgb8", "step": 3}
    repeat(rig, Image, topics.camera_image("front"), Image(**{**whole, "data": np.zeros(2, np.uint8)}))
    repeat(
        rig, Image, topics.camera_image("front"), Image(**{**whole, "encoding": "mono8", "data": np.zeros(3, np.uint8)})
    )
    repeat(rig, msg.Heartbeat, topics.HEARTBEAT, msg.Heartbeat(node="policy"))
    desk.until(lambda: len(desk.heard(facts.Beat)) > 5)
    assert desk.heard(facts.Picture) == []


def test_requests_reach_their_service_and_answers_come_back(rig: Any, desk: Any) -> None:
    asked: list[Any] = []

    def on_start(request: Any, response: Any) -> Any:
        asked.append(request)
        response.success, response.episode_id = True, "20260101-x"
        return response

    rig.serve(srv.StartEpisode, topics.START_EPISODE, on_start)
    answer = desk.ask(requests.StartEpisode(task="press_button", instruction="press it", mode="teleop", seed=2**63))
    assert answer == Answer(True, "", Made(episode_id="20260101-x"))
    assert (asked[0].task, asked[0].instruction, asked[0].mode, asked[0].seed) == (
        "press_button",
        "press it",
        "teleop",
        2**63,
    )


def test_a_refusal_is_told_in_the_nodes_own_words(rig: Any, desk: Any) -> None:
    def on_label(request: Any, response: Any) -> Any:
        response.success, response.message = False, "label while idle"
        return response

    rig.serve(srv.LabelEpisode, topics.LABEL_EPISODE, on_label)
    assert desk.ask(requests.LabelEpisode(label="success", who="me")) == Answer(False, "label while idle")


def test_the_stores_answers_come_as_records(rig: Any, desk: Any) -> None:
    info = msg.EpisodeInfo(episode_id="e", task="t", created=Time(sec=5), reset_s=math.nan, steps=2)
    info.thumbnail = CompressedImage(format="jpeg", data=np.frombuffer(b"JPEG", np.uint8))

    def on_list(request: Any, response: Any) -> Any:
        response.success, response.total, response.episodes = True, 9, [info]
        return response

    def on_get(request: Any, response: Any) -> Any:
        response.success, response.episode, response.cameras = True, info, ["front"]
        response.labels = [msg.LabelChange(label="success", who="me", stamp=Time(sec=6), delay_s=1.5)]
        response.stamps_ns, response.q_values = [1, 2], [0.5, math.nan]
        response.actions = [float(number) for number in range(14)]
        response.states, response.log_probs = [0.0] * 14, [0.0, 0.0]
        response.sources, response.interventions, response.limited = [1, 2], [False, True], [0, 4]
        return response

    def on_pictures(request: Any, response: Any) -> Any:
        response.success = True
        response.pictures = [CompressedImage(format="jpeg", data=np.frombuffer(b"ab", np.uint8))] * request.count
        return response

    rig.serve(srv.ListEpisodes, topics.LIST_EPISODES, on_list)
    rig.serve(srv.GetEpisode, topics.GET_EPISODE, on_get)
    rig.serve(srv.GetPictures, topics.GET_PICTURES, on_pictures)
    page = desk.ask(requests.ListEpisodes(thumbnails=True)).result
    assert isinstance(page, EpisodePage) and page.total == 9
    assert (page.episodes[0].created, page.episodes[0].thumbnail, page.episodes[0].steps) == (5.0, b"JPEG", 2)
    assert math.isnan(page.episodes[0].reset_s)
    detail = desk.ask(requests.GetEpisode(episode_id="e")).result
    assert isinstance(detail, EpisodeDetail)
    assert detail.actions.tolist() == [[0, 1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12, 13]]
    assert detail.interventions.tolist() == [False, True] and detail.stamps_ns.tolist() == [1, 2]
    assert (detail.labels[0].who, detail.labels[0].stamp, detail.labels[0].delay_s) == ("me", 6.0, 1.5)
    pictures = desk.ask(requests.GetPictures(episode_id="e", camera="front", first=0, count=2)).result
    assert pictures == Pictures((b"ab", b"ab"))


def test_the_lineage_comes_as_records(rig: Any, desk: Any) -> None:
    def on_list(request: Any, response: Any) -> Any:
        model = msg.ModelInfo(number=1, model_hash="aa", stage=2, is_promoted=True, exists=True)
        model.evaluations = [msg.Evaluation(task="t", successes=3, episodes=5)]
        response.success, response.models = True, [model]
        response.rounds = [msg.RoundInfo(round_id="r", stage=2, model_hash="aa")]
        response.promotions = [msg.Promotion(model_hash="aa", who="me", stamp=Time(sec=7))]
        return response

    rig.serve(srv.ListModels, topics.LIST_MODELS, on_list)
    lineage = desk.ask(requests.ListModels()).result
    assert isinstance(lineage, Lineage)
    assert lineage.models[0].evaluations[0].successes == 3 and lineage.models[0].is_promoted
    assert (lineage.rounds[0].round_id, lineage.promotions[0].stamp) == ("r", 7.0)


def test_nobody_there_is_said_at_once(desk: Any) -> None:
    answers: list[Answer] = []
    desk.bridge.ask(requests.StopEpisode(), answers.append)
    desk.until(lambda: answers, timeout_s=3.0)
    why = "service session/stop is not there; is the session node running?"
    assert answers == [Answer(False, why, is_there=False)]


def test_an_arbiter_that_hangs_is_said_and_its_late_answer_is_dropped(rig: Any, desk: Any) -> None:
    go_on = threading.Event()

    def on_hold(request: Any, response: Any) -> Any:
        go_on.wait(10.0)
        response.success = True
        return response

    rig.serve(Trigger, topics.HOLD, on_hold)
    answer = desk.ask(requests.Hold())
    assert not answer.success and "did not answer within 1 s" in answer.message
    answers: list[Answer] = []
    desk.bridge.ask(requests.Hold(), answers.append)
    desk.until(lambda: answers)
    go_on.set()
    time.sleep(0.3)
    desk.bridge.take()
    assert len(answers) == 1


def test_a_hold_goes_out_while_the_bridges_own_thread_is_stuck(rig: Any, desk: Any) -> None:
    held, stuck, go_on = threading.Event(), threading.Event(), threading.Event()

    def on_hold(request: Any, response: Any) -> Any:
        held.set()
        response.success = True
        return response

    rig.serve(Trigger, topics.HOLD, on_hold)
    assert desk.ask(requests.Hold()).success
    held.clear()

    def block() -> None:
        stuck.set()
        go_on.wait(TIMEOUT_S)

    desk.bridge._executor.create_task(block)
    assert stuck.wait(TIMEOUT_S)
    try:
        desk.bridge.ask(requests.Hold())
        assert held.wait(TIMEOUT_S)
    finally:
        go_on.set()


def test_what_is_held_down_reaches_the_teleop_node(rig: Any, desk: Any) -> None:
    heard: list[Any] = []
    rig.node.create_subscription(msg.TeleopInput, topics.TELEOP_INPUT, heard.append, 10)
    hands = requests.TeleopInput(who="me", axes=(1.0, 0, 0, 0, 0, -1.0), takes_over=True, gripper_presses=3)

    def said() -> bool:
        desk.bridge.send(hands)
        return bool(heard)

    desk.until(said)
    assert (list(heard[0].axes), heard[0].takes_over, heard[0].gripper_presses) == ([1, 0, 0, 0, 0, -1], True, 3)


def test_a_round_tells_how_it_goes_and_ends_once(rig: Any, desk: Any) -> None:
    def execute(handle: Any) -> Any:
        for step in (1, 2):
            handle.publish_feedback(
                action.TrainRound.Feedback(step=step, steps=2, loss=0.5, eta_s=1.0, phase="training", cost=0.25)
            )
            time.sleep(0.05)
        handle.succeed()
        return action.TrainRound.Result(success=True, path="/m", model_hash="aa", wall_s=2.0)

    server = ActionServer(rig.node, action.TrainRound, topics.TRAIN_ROUND, execute, callback_group=rig.group)
    job = requests.TrainRound(round_id="r", stage=0, parent="", expert_episodes=("a", "b"))
    progress, ends, _ = desk.run(job)
    desk.until(lambda: ends)
    assert progress[0] == TrainProgress(
        step=1, steps=2, loss=0.5, samples_per_s=0.0, eta_s=1.0, phase="training", cost=0.25
    )
    assert (ends[0].success, ends[0].path, ends[0].model_hash, ends[0].wall_s) == (True, "/m", "aa", 2.0)
    assert len(ends) == 1
    server.destroy()


def test_a_comparison_can_be_cancelled(rig: Any, desk: Any) -> None:
    def execute(handle: Any) -> Any:
        while not handle.is_cancel_requested:
            handle.publish_feedback(action.CompareModels.Feedback(episodes=1, of_episodes=4, task="t"))
            time.sleep(0.02)
        handle.canceled()
        return action.CompareModels.Result(message="cancelled after 1 of 4", old_model=[msg.Evaluation(task="t")])

    server = ActionServer(
        rig.node,
        action.CompareModels,
        topics.COMPARE_MODELS,
        execute,
        cancel_callback=lambda _: CancelResponse.ACCEPT,
        callback_group=rig.group,
    )
    job = requests.CompareModels(old_hash="a", new_hash="b", tasks=("t",), pairs=2, first_seed=0, who="me")
    progress, ends, cancel = desk.run(job)
    assert progress[0] == CompareProgress(episodes=1, of_episodes=4, task="t", episode_id="")
    cancel()
    desk.until(lambda: ends)
    assert (ends[0].is_cancelled, ends[0].success, ends[0].message) == (True, False, "cancelled after 1 of 4")
    assert ends[0].old_model[0].task == "t"
    server.destroy()


def test_a_job_that_is_refused_says_so(rig: Any, desk: Any) -> None:
    server = ActionServer(
        rig.node,
        action.TrainRound,
        topics.TRAIN_ROUND,
        lambda handle: action.TrainRound.Result(),
        goal_callback=lambda _: GoalResponse.REJECT,
        callback_group=rig.group,
    )
    _, ends, _ = desk.run(requests.TrainRound(round_id="r", stage=0, parent="", expert_episodes=()))
    assert ends == [JobEnd(False, "sft refused: it is busy with another job; cancel that first")]
    server.destroy()


def test_a_graph_that_is_not_there_is_no_error_and_the_bridge_can_be_closed_twice(domain: int) -> None:
    bridge = RosBridge(("front",), namespace="left")
    bridge.start()
    assert list(bridge.take()) == []
    bridge.close()
    bridge.close()


def test_the_network_is_the_settings_unless_the_terminal_has_set_it(monkeypatch: pytest.MonkeyPatch) -> None:
    settings, environment = load_settings(), {"ROS_DOMAIN_ID": "1", "ROS_AUTOMATIC_DISCOVERY_RANGE": "SUBNET"}
    monkeypatch.setattr(os, "environ", environment)
    assert make_ros_bridge(settings, namespace="", domain=7).cameras == tuple(settings.cameras)
    assert environment == {
        "ROS_DOMAIN_ID": "7",
        "ROS_AUTOMATIC_DISCOVERY_RANGE": "SUBNET",
        "IREVLA_NETWORK": "loopback",
    }
    assert make_ros_bridge(settings, namespace="", domain=7, cameras=()).cameras == ()
