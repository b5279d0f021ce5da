"""A working day on ROS 2: launch the rig, look at it, drive it, train, and kill a node, all with ROS's own commands."""

from __future__ import annotations

import json
import os
import re
import signal
from typing import Any

import psutil

from irevla.training.store.episode_store import EpisodeStore


def service(graph: Any, name: str, kind: str, request: dict[str, Any]) -> tuple[bool, str]:
    """Call a service by `ros2 service call` and return its ``success`` and all that it said."""
    said = graph.terminal.ros2("service", "call", name, kind, json.dumps(request))
    found = re.search(r"success=(True|False)", said)
    assert found, said
    return found.group(1) == "True", said


def action(graph: Any, name: str, kind: str, goal: dict[str, Any], *options: str) -> str:
    """Send a goal by `ros2 action send_goal`, wait for its end and return all that was said."""
    words = ("action", "send_goal", *options, name, f"irevla_msgs/action/{kind}", json.dumps(goal))
    said: str = graph.terminal.ros2(*words, timeout_s=120.0)
    return said


def run_experts(graph: Any, first_seed: int, episodes: int) -> list[str]:
    """Record expert episodes by a row and return their ids."""
    before = {row["episode_id"] for row in graph.episodes()}
    goal = {"task": "press_button", "mode": "expert", "kind": "demo", "record_images": True}
    said = action(graph, "/session/run", "RunEpisodes", {**goal, "first_seed": first_seed, "episodes": episodes})
    assert "Goal finished with status: SUCCEEDED" in said, said
    return [row["episode_id"] for row in graph.episodes() if row["episode_id"] not in before]


def test_ros2_node_info_shows_what_the_arbiter_publishes(launched: Any) -> None:
    said = launched.terminal.ros2("node", "info", "/arbiter", "--no-daemon", "--spin-time", "2")
    assert "/arbiter/command: irevla_msgs/msg/MotionCommand" in said
    assert "/arbiter/hold: std_srvs/srv/Trigger" in said
    assert "/robot/state: irevla_msgs/msg/RobotState" in said


def test_motion_has_one_publisher(launched: Any) -> None:
    said = launched.terminal.ros2("topic", "info", "--no-daemon", "--spin-time", "2", "/arbiter/command")
    assert "Publisher count: 1" in said


def test_a_row_started_by_send_goal_is_in_the_store(launched: Any) -> None:
    names = run_experts(launched, first_seed=1, episodes=2)
    assert len(names) == 2
    store = EpisodeStore(launched.folder / "store")
    assert all(store.read(name).label in ("success", "failure") for name in names)


def test_an_episode_is_started_labelled_and_found_by_commands(launched: Any) -> None:
    start = {"task": "press_button", "mode": "expert", "kind": "demo", "seed": 5}
    is_started, said = service(launched, "/session/start", "irevla_msgs/srv/StartEpisode", start)
    assert is_started, said
    found = re.search(r"episode_id='([^']+)'", said)
    assert found
    episode_id = found.group(1)

    def state() -> str:
        rows = {row["episode_id"]: row for row in launched.episodes()}
        return str(rows[episode_id]["state"]) if episode_id in rows else ""

    launched.terminal.until(lambda: state() == "closed", what="the episode is closed")
    label = {"episode_id": episode_id, "label": "success", "who": "test"}
    is_labelled, said = service(launched, "/session/label", "irevla_msgs/srv/LabelEpisode", label)
    assert is_labelled, said
    assert EpisodeStore(launched.folder / "store").record(episode_id).label == "success"


def test_a_label_while_nothing_waits_for_one_is_refused(launched: Any) -> None:
    label = {"label": "success", "who": "test"}
    is_labelled, said = service(launched, "/session/label", "irevla_msgs/srv/LabelEpisode", label)
    assert not is_labelled
    assert "await" in said or "label" in said


def test_an_sft_round_reports_and_another_is_cancelled(launched: Any) -> None:
    names = run_experts(launched, first_seed=20, episodes=2)
    goal: dict[str, Any] = {"stage": 0, "expert_episodes": names, "seed": 1}
    said = action(launched, "/sft/train_round", "TrainRound", {**goal, "round_id": "small", "steps": 6}, "--feedback")
    assert "Goal finished with status: SUCCEEDED" in said, said
    assert "Feedback:" in said and "eta_s" in said
    assert re.search(r"model_hash: \S{8,}", said)
    log = launched.folder / "cancelled.log"
    kind, words = "irevla_msgs/action/TrainRound", json.dumps({**goal, "round_id": "long", "steps": 5000})
    process = launched.terminal.begin(
        "ros2", "action", "send_goal", "--feedback", "/sft/train_round", kind, words, log=log
    )
    launched.terminal.until(lambda: "Feedback:" in log.read_text(), what="the long round reports")
    # By the service: on Jazzy a Ctrl-C ends send_goal's own context before its cancellation is sent.
    every = {"goal_info": {}}
    cancel = ("service", "call", "/sft/train_round/_action/cancel_goal", "action_msgs/srv/CancelGoal")
    assert "return_code=0" in launched.terminal.ros2(*cancel, json.dumps(every))
    process.wait(30.0)
    assert "Goal finished with status: CANCELED" in log.read_text()
    launched.terminal.until(
        lambda: not [child for child in nodes(launched) if "round_worker" in " ".join(command_line(child))],
        what="the worker of the cancelled round is gone",
    )


def test_topic_echo_and_hz_see_the_running_arm(launched: Any) -> None:
    goal = {"task": "press_button", "mode": "expert", "kind": "eval", "first_seed": 40, "episodes": 30}
    log = launched.folder / "row.log"
    words = ("ros2", "action", "send_goal", "/session/run", "irevla_msgs/action/RunEpisodes", json.dumps(goal))
    row = launched.terminal.begin(*words, log=log)
    try:
        echoed = launched.terminal.ros2("topic", "echo", "--once", "--no-daemon", "/robot/state")
        assert "joint_position_rad" in echoed and "panda_link0" in echoed
        hz = launched.folder / "hz.log"
        listener = launched.terminal.begin("ros2", "topic", "hz", "/camera/front/image", log=hz)
        try:
            launched.terminal.until(lambda: "average rate" in hz.read_text(), what="ros2 topic hz")
        finally:
            listener.send_signal(signal.SIGINT)
            listener.wait(10.0)
    finally:
        row.send_signal(signal.SIGINT)
        row.wait(30.0)


def test_parameters_are_described_and_a_value_out_of_range_or_read_only_is_refused(launched: Any) -> None:
    described = launched.terminal.ros2("param", "describe", "/arbiter", "limits.step_m")
    assert "largest target distance" in described
    assert "0.06" in launched.terminal.ros2("param", "get", "/arbiter", "limits.step_m")
    beyond = launched.terminal.run("ros2", "param", "set", "/session", "session.max_steps", "0")
    assert "range" in beyond.stdout + beyond.stderr
    refused = launched.terminal.run("ros2", "param", "set", "/arbiter", "limits.step_m", "3.0")
    assert "failed" in (refused.stdout + refused.stderr).lower()
    assert "0.06" in launched.terminal.ros2("param", "get", "/arbiter", "limits.step_m")


def test_a_second_graph_in_the_namespace_is_refused(launched: Any) -> None:
    rig = launched.folder / "small.yaml"
    done = launched.terminal.run(
        "ros2", "launch", "irevla", "sim.launch.py", "headless:=true", f"rig:={rig}",
        f"run_dir:={launched.folder / 'second'}", timeout_s=120.0,
    )  # fmt: skip
    assert "another graph runs in this domain and namespace" in done.stdout + done.stderr
    assert launched.process.poll() is None, "the first graph goes on"


def nodes(graph: Any) -> list[psutil.Process]:
    return psutil.Process(graph.process.pid).children(recursive=True)


def command_line(process: psutil.Process) -> list[str]:
    """Return its words; none of a process that has just ended."""
    try:
        words: list[str] = process.cmdline()
    except psutil.Error:
        return []
    return words


def process_of(graph: Any, executable: str) -> psutil.Process | None:
    running = [child for child in nodes(graph) if any(word.endswith(executable) for word in command_line(child))]
    return running[0] if running else None


def test_a_killed_policy_comes_back_and_the_end_of_the_arbiter_ends_the_session(launched: Any) -> None:
    policy = process_of(launched, "policy_node")
    assert policy is not None
    os.kill(policy.pid, signal.SIGKILL)

    def is_back() -> bool:
        found = process_of(launched, "policy_node")
        return found is not None and found.pid != policy.pid

    launched.terminal.until(is_back, what="the policy is respawned")
    arbiter = process_of(launched, "arbiter_node")
    assert arbiter is not None
    children = nodes(launched)
    os.kill(arbiter.pid, signal.SIGKILL)
    launched.process.wait(30.0)
    assert re.search(r"process\[arbiter-\d+\] was required: shutting down launched system", launched.output)
    _, alive = psutil.wait_procs(children, timeout=10.0)
    assert not alive, "somebody was left behind"
