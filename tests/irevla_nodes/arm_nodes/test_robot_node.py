"""The robot node as a process: lockstep, silence, resets, and a second graph in its place."""

import math
from collections.abc import Callable
from typing import Any

import pytest

from irevla.config import topics

STATE, SIM = topics.ROBOT_STATE, topics.SIM_STATE


@pytest.fixture(scope="module")
def rig(make_rig: Callable[..., Any]) -> Any:
    rig = make_rig("robot.lockstep_timeout_s=0.3")
    rig.start("robot")
    return rig


@pytest.fixture(scope="module")
def probe(rig: Any, make_probe: Callable[..., Any]) -> Any:
    return make_probe(rig)


@pytest.fixture(scope="module")
def commander(probe: Any) -> Any:
    from irevla_msgs.msg import MotionCommand
    from irevla_nodes import qos

    return probe.create_publisher(MotionCommand, topics.COMMAND, qos.stream())


def command(state: Any, **changes: Any) -> Any:
    from irevla_msgs.msg import MotionCommand

    fields = {"episode_id": state.episode_id, "step": state.step, "target": state.tcp_pose, "gripper_width_m": 0.08}
    return MotionCommand(**{**fields, **changes})


def begin(probe: Any, episode_id: str, seed: int = 0) -> Any:
    answer = probe.reset(episode_id, seed=seed)
    assert answer.success, answer.message
    return probe.wait(lambda: next((m for m in probe.heard[STATE] if m.episode_id == episode_id), None))


def step_after(probe: Any, episode_id: str) -> Callable[[], int]:
    return lambda: max(m.step for m in probe.heard[STATE] if m.episode_id == episode_id)


def test_a_command_makes_one_step_and_silence_says_the_same_step_again(probe: Any, commander: Any) -> None:
    state = begin(probe, "steps")
    latest = step_after(probe, "steps")
    probe.wait(lambda: commander.get_subscription_count() == 2, what="the robot, beside the probe itself")
    commander.publish(command(state))
    probe.wait(lambda: latest() == 1)
    probe.spin(0.8)
    again = [m for m in probe.heard[STATE] if m.episode_id == "steps" and m.step == 1]
    assert len(again) >= 2
    assert len({(m.header.stamp.sec, m.header.stamp.nanosec) for m in again}) == 1
    assert latest() == 1
    worlds = {m.step: m for m in probe.heard[SIM] if m.episode_id == "steps"}
    assert worlds[1].header.stamp == again[0].header.stamp


@pytest.mark.parametrize("changes", [{"step": 3}, {"episode_id": "other"}, {"hold": True}])
def test_other_commands_make_no_step(probe: Any, commander: Any, changes: dict[str, Any]) -> None:
    name = f"drop{'-'.join(changes)}"
    state = begin(probe, name)
    commander.publish(command(state, **changes))
    probe.spin(0.4)
    assert step_after(probe, name)() == 0


def test_a_target_of_nan_makes_no_step_and_ends_nothing(probe: Any, commander: Any, rig: Any) -> None:
    state = begin(probe, "nan")
    commander.publish(command(state, gripper_width_m=math.nan))
    probe.spin(0.4)
    assert step_after(probe, "nan")() == 0
    commander.publish(command(state))
    probe.wait(lambda: step_after(probe, "nan")() == 1)
    assert "expected a finite target" in rig.log("robot").read_text()


def test_an_unknown_task_is_refused_with_the_nearest_name(probe: Any) -> None:
    answer = probe.reset("e9", task="pick_red_blok")
    assert not answer.success
    assert "did you mean 'pick_red_block'" in answer.message


def test_a_second_graph_in_the_same_place_ends_itself_and_says_what_to_do(rig: Any, probe: Any) -> None:
    second = rig.start("robot", key="second")
    assert second.wait(40.0) == 1
    assert "another graph runs in this domain and namespace" in rig.log("second").read_text()
    begin(probe, "still-here")


def test_on_a_clock_the_arm_steps_by_itself_ten_times_a_second(make_rig: Any, rig: Any, probe: Any) -> None:
    rig.processes["robot"].terminate()
    assert rig.processes["robot"].wait(10.0) == 0
    clocked = make_rig("robot.lockstep=false")
    clocked.start("robot", key="clocked")
    probe.wait(lambda: not probe.count_publishers(probe.resolve_topic_name(STATE)), what="the first robot to leave")
    probe.wait(lambda: probe.count_publishers(probe.resolve_topic_name(STATE)), 40.0, "the clocked robot to come")
    begin(probe, "clock")
    probe.spin(1.5)
    assert 8 <= step_after(probe, "clock")() <= 20
