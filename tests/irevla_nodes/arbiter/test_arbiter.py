"""Who may move the arm, and when it holds."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from irevla_nodes.arbiter.decision import Decision, Hold, Motion
from irevla_nodes.arbiter.source import Source


def motion(decision: Decision | None) -> Motion:
    assert isinstance(decision, Motion)
    return decision


def hold(decision: Decision | None) -> Hold:
    assert isinstance(decision, Hold)
    return decision


def test_a_proposal_for_the_current_step_moves_the_arm(desk: Any) -> None:
    answer = motion(desk.propose(0))
    assert (answer.episode_id, answer.step, answer.source) == ("e1", 0, Source.POLICY)
    np.testing.assert_allclose(answer.command.target.position_m, [0.52, 0, 0.3])


def test_the_next_step_starts_from_the_previous_target(desk: Any) -> None:
    desk.propose(0)
    desk.arm(1, position=(0.515, 0, 0.3))  # the soft arm lags 5 mm behind
    np.testing.assert_allclose(motion(desk.propose(1)).command.target.position_m, [0.54, 0, 0.3])


def test_a_new_episode_starts_from_the_measured_pose(desk: Any) -> None:
    desk.propose(0)
    desk.arm(0, "e2", position=(0.6, 0, 0.3))
    desk.episode(episode_id="e2")
    np.testing.assert_allclose(motion(desk.propose(0, episode_id="e2")).command.target.position_m, [0.62, 0, 0.3])


@pytest.mark.parametrize(
    ("step", "episode_id", "source"),
    [(1, "e1", Source.POLICY), (0, "e0", Source.POLICY), (0, "", Source.POLICY), (0, "e1", Source.EXPERT)],
)
def test_a_proposal_for_another_moment_or_from_another_is_dropped(
    desk: Any, step: int, episode_id: str, source: Source
) -> None:
    assert desk.propose(step, source=source, episode_id=episode_id) is None
    assert desk.arbiter.reason == ""


def test_each_step_is_commanded_once(desk: Any) -> None:
    motion(desk.propose(0))
    assert desk.propose(0) is None
    assert desk.propose(0, source=Source.TELEOP) is None


def test_a_step_counter_that_turns_back_brings_no_second_command(make_desk: Callable[..., Any]) -> None:
    desk = make_desk(lockstep=False)
    desk.beats()
    desk.pictures()
    desk.episode()
    desk.arm(1)
    motion(desk.propose(1))
    desk.arm(0)
    assert desk.propose(0) is None
    desk.arm(1)
    assert desk.propose(1) is None


def test_a_step_that_the_simulator_repeats_gets_the_same_command_again(desk: Any) -> None:
    first = desk.propose(0)
    assert desk.arm(0) is first


def test_a_repeated_step_from_another_pose_holds_for_its_target_was_limited_from_the_first(desk: Any) -> None:
    desk.propose(0)
    assert "the arm moved while it waited" in hold(desk.arm(0, position=(0.3, 0, 0.3))).reason


def test_a_clocked_arm_may_report_a_step_often_and_is_commanded_once(make_desk: Callable) -> None:
    desk = make_desk(lockstep=False)
    desk.beats()
    desk.pictures()
    desk.episode()
    desk.arm(0)
    motion(desk.propose(0))
    assert desk.arm(0) is None


@pytest.mark.parametrize("order", ["episode", "arm"])
def test_a_proposal_that_overtakes_its_episode_or_its_step_waits_for_it(make_desk: Callable, order: str) -> None:
    desk = make_desk()
    desk.beats()
    if order == "arm":
        desk.episode()
        assert desk.propose(0) is None
        motion(desk.arm(0))
    else:
        desk.arm(0)
        assert desk.propose(0) is None
        motion(desk.episode())


def test_a_proposal_that_waited_too_long_is_dropped(desk: Any) -> None:
    assert desk.propose(1) is None
    desk.now_s += 0.6
    desk.beats()
    assert desk.arm(1) is None


@pytest.mark.parametrize(
    ("mode", "may"),
    [
        ("policy", {Source.POLICY, Source.TELEOP}),
        ("teleop", {Source.TELEOP}),
        ("expert", {Source.EXPERT}),
        ("", set()),
        ("root", set()),
    ],
)
def test_the_mode_says_who_may_act(make_desk: Callable, mode: str, may: set[Source]) -> None:
    for source in Source:
        desk = make_desk()
        desk.beats()
        desk.episode(mode)
        desk.arm(0)
        assert (desk.propose(0, source=source) is not None) == (source in may)


def test_a_hand_on_the_keys_wins_over_the_policy_and_is_marked(desk: Any) -> None:
    desk.propose(1, action=(1, 0, 0, 0, 0, 0, 1))
    desk.propose(1, action=(-1, 0, 0, 0, 0, 0, 1), source=Source.TELEOP)
    answer = motion(desk.arm(1))
    assert answer.source is Source.TELEOP
    assert answer.command.action[0] == -1.0


def test_nothing_moves_before_the_episode_runs_or_after_it(desk: Any) -> None:
    desk.episode(is_running=False)
    assert desk.propose(0) is None
    assert desk.arm(1) is None
    assert desk.propose(1) is None


@pytest.mark.parametrize("bad", [[math.nan] * 7, [math.inf, 0, 0, 0, 0, 0, 0], [0.0] * 6, [], "up"])
def test_an_action_that_is_none_holds_and_says_why(desk: Any, bad: object) -> None:
    answer = hold(desk.propose(0, action=bad))
    assert answer.reason.startswith("policy: action: expected 7")
    assert desk.arbiter.reason == answer.reason
    assert desk.arbiter.blamed == Source.POLICY


def test_a_hold_is_latched_until_somebody_resumes(desk: Any) -> None:
    hold(desk.arbiter.hold("the operator said so"))
    assert desk.propose(0) is None
    assert desk.arm(1) is None
    assert desk.propose(1) is None
    assert desk.arbiter.hold("again") is None
    assert (desk.arbiter.reason, desk.arbiter.blamed) == ("the operator said so", Source.HOLD)
    assert desk.arbiter.resume(desk.now_s) == ""
    motion(desk.propose(1))


def test_a_proposal_made_during_a_hold_does_not_act_after_it(desk: Any) -> None:
    desk.arbiter.hold("stop")
    desk.propose(0)
    desk.arbiter.resume(desk.now_s)
    assert desk.arm(0) is None


def test_after_a_hold_the_target_starts_from_where_the_arm_stands(desk: Any) -> None:
    desk.propose(0)
    desk.arbiter.hold("stop")
    desk.arm(1, position=(0.45, 0, 0.3))
    desk.arbiter.resume(desk.now_s)
    np.testing.assert_allclose(motion(desk.propose(1)).command.target.position_m, [0.47, 0, 0.3])


@pytest.mark.parametrize("node", ["robot", "session", "policy", "camera_front", "camera_wrist"])
def test_a_silent_node_holds_the_arm_and_resume_waits_for_it(desk: Any, node: str) -> None:
    desk.now_s += 2.5
    desk.beats(*({"robot", "session", "policy", "camera_front", "camera_wrist"} - {node}))
    answer = hold(desk.arbiter.tick(desk.now_s, 1))
    assert answer.reason == f"no heartbeat from {node} for 2.5 s; is it running?"
    assert desk.arbiter.resume(desk.now_s) == answer.reason
    desk.beats(node)
    assert desk.arbiter.resume(desk.now_s) == ""


def test_silence_stops_a_proposal_even_before_the_watchdogs_next_look(desk: Any) -> None:
    desk.now_s += 2.5
    assert "no heartbeat from robot" in hold(desk.propose(0)).reason


def test_a_node_that_is_unwell_holds_the_arm(desk: Any) -> None:
    desk.beats("camera_wrist", state="no picture from /dev/video3")
    assert hold(desk.arbiter.tick(desk.now_s, 1)).reason == "camera_wrist says: no picture from /dev/video3"


def test_silence_is_no_cause_while_no_episode_runs(make_desk: Callable) -> None:
    desk = make_desk()
    desk.episode(is_running=False)
    assert desk.arbiter.tick(1e6, 1) is None


def test_the_camera_is_not_missed_in_a_teleop_episode(make_desk: Callable) -> None:
    desk = make_desk()
    desk.beats("robot", "session", "teleop")
    desk.episode("teleop")
    desk.now_s += 1.0
    assert desk.arbiter.tick(desk.now_s, 1) is None


def test_a_second_publisher_of_commands_holds_even_without_an_episode(make_desk: Callable) -> None:
    desk = make_desk()
    assert "2 publishers of arbiter/command" in hold(desk.arbiter.tick(1.0, 2)).reason
    assert "2 publishers" in desk.arbiter.resume(1.0)
    desk.arbiter.tick(2.0, 1)
    assert desk.arbiter.resume(2.0) == ""


def test_an_arm_error_holds(desk: Any) -> None:
    assert "cartesian reflex" in hold(desk.arm(1, error="cartesian reflex")).reason
    assert "cartesian reflex" in desk.arbiter.resume(desk.now_s)
    desk.arm(1)
    assert desk.arbiter.resume(desk.now_s) == ""


def test_an_arm_outside_the_workspace_holds_and_resume_says_where_it_is(desk: Any) -> None:
    desk.arm(1, position=(0.95, 0, 0.3))
    assert "0.200 m outside the workspace" in hold(desk.propose(1)).reason
    assert "outside the workspace" in desk.arbiter.resume(desk.now_s)


@pytest.mark.parametrize("missing", ["state of the robot", "picture of camera front", "proposal"])
def test_on_a_clock_stale_things_hold_the_arm(make_desk: Callable, missing: str) -> None:
    desk = make_desk(lockstep=False)
    desk.beats()
    desk.episode()
    desk.arm(0)
    desk.pictures()
    motion(desk.propose(0))
    desk.now_s += 0.6
    if missing != "state of the robot":
        desk.arm(1)
    if missing != "picture of camera front":
        desk.arbiter.on_picture("front", desk.now_s)
    desk.arbiter.on_picture("wrist", desk.now_s)
    answer = hold(desk.arbiter.tick(desk.now_s, 1))
    assert answer.reason == f"no {missing} for 0.6 s (at most 0.5 s)"


def test_in_lockstep_the_world_waits_for_a_slow_model(desk: Any) -> None:
    for _ in range(5):
        desk.now_s += 1.0
        desk.beats()
        assert desk.arbiter.tick(desk.now_s, 1) is None
    motion(desk.propose(0))


def test_a_clock_that_runs_backwards_is_silence(desk: Any) -> None:
    desk.now_s -= 10.0
    assert "no heartbeat" in hold(desk.propose(0)).reason


def test_the_margins_are_the_distances_to_the_walls(desk: Any) -> None:
    np.testing.assert_allclose(desk.arbiter.margin_m(), [0.25, 0.25, 0.35, 0.35, 0.29, 0.25], atol=1e-6)
