"""Robot node and arbiter as processes over a franka_server: reset, commands inside the limits, holds, a dead server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from irevla.config import topics

STATE = topics.ROBOT_STATE


@pytest.fixture
def rig(make_rig: Callable[..., Any], franka_server: Any) -> Iterator[Any]:
    rig = make_rig(
        "robot.backend=serl",
        "robot.lockstep=false",
        f"robot.serl.url={franka_server.url}",
        "robot.serl.timeout_s=1.0",
        "robot.hardware.stale_s=1.0",
        "robot.hardware.homing_speed_m_s=0.25",
        "limits.heartbeat_timeout_s=6.0",
        "limits.stale_s=5.0",
    )
    rig.start("robot")
    rig.start("arbiter")
    yield rig
    rig.stop()


def test_a_real_arm_goes_home_obeys_inside_its_limits_holds_and_says_when_it_is_gone(
    rig: Any, make_probe: Callable[..., Any], franka_server: Any
) -> None:
    probe = make_probe(rig)
    franka_server.is_in_reflex = True
    probe.wait(lambda: probe.last(STATE) is not None, 60.0, "the arm's state before any reset")
    assert (probe.last(STATE).episode_id, probe.last(STATE).error) == ("", "")
    assert not franka_server.poses, "nothing moves before the first reset"
    probe.wait(lambda: probe.last(topics.ARBITER_STATUS) is not None, 60.0, "the arbiter")

    _a_hold_gets_through_on_the_way_home(probe, franka_server)
    _it_goes_home(probe, franka_server, rig.settings.robot.hardware.home_position_m)
    _it_obeys_inside_its_limits(probe, franka_server, rig.settings.limits)
    _it_says_when_it_is_gone(probe, franka_server)


def _a_hold_gets_through_on_the_way_home(probe: Any, franka_server: Any) -> None:
    from std_srvs.srv import Trigger

    from irevla_msgs.srv import ResetRobot

    assert probe.reset_client.wait_for_service(timeout_sec=30.0)
    future = probe.reset_client.call_async(ResetRobot.Request(episode_id="held", task="pick_red_block"))
    probe.wait(lambda: franka_server.position[2] > 0.12, what="the arm to lift")
    assert probe.call(probe.hold_client, Trigger.Request()).success
    probe.wait(future.done, what="the answer of the reset that was held")
    assert not future.result().success
    assert "hold" in future.result().message
    refused = probe.reset("refused")
    assert "call arbiter/resume first" in refused.message
    assert franka_server.position[2] < 0.24
    assert probe.call(probe.resume_client, Trigger.Request()).success
    probe.wait(lambda: not probe.last(topics.ARBITER_STATUS).hold)


def _it_goes_home(probe: Any, franka_server: Any, home: Any) -> None:
    answer = probe.reset("e1")
    assert answer.success, answer.message
    assert "/clearerr" in franka_server.paths()
    np.testing.assert_allclose(franka_server.position, home, atol=0.02)
    probe.wait(lambda: probe.last(STATE).episode_id == "e1", what="step 0")
    assert not probe.heard[topics.SIM_STATE], "there is no simulator"


def _it_obeys_inside_its_limits(probe: Any, franka_server: Any, limits: Any) -> None:
    from irevla_msgs.msg import Action

    # Far beyond the wall, for so long that only the limits can stop it.
    sent = len(franka_server.poses)
    probe.alive = ("session", "teleop")
    probe.spin(0.3)
    probe.run("e1", "teleop")
    teleop = probe.create_publisher(Action, topics.TELEOP_ACTION, 10)
    seen: list[int] = [-1]

    def act() -> bool:
        now = probe.last(STATE)
        if now.episode_id == "e1" and now.step > seen[0]:
            seen[0] = now.step
            proposal = Action(
                episode_id="e1", step=now.step, source=Action.SOURCE_TELEOP, action=[0, 1, 0, 0, 0, 0, -1]
            )
            teleop.publish(proposal)
        return bool(franka_server.position[1] > 0.345)

    probe.wait(act, 30.0, f"the wall; {probe.last(topics.ARBITER_STATUS).reason}")
    probe.wait(lambda: "/close_gripper" in franka_server.paths(), what="the gripper")
    poses = np.array(franka_server.poses[sent:])
    assert (poses[:, :3] >= np.array(limits.workspace_min_m) - 1e-6).all()
    assert (poses[:, :3] <= np.array(limits.workspace_max_m) + 1e-6).all()
    assert np.linalg.norm(np.diff(poses[:, :3], axis=0), axis=1).max() <= limits.step_m * 1.5


def _it_says_when_it_is_gone(probe: Any, franka_server: Any) -> None:
    franka_server.die()
    gone = probe.wait(lambda: probe.last(STATE).error, 5.0, "the error of an arm that is gone")
    assert "is franka_server running there?" in gone
    probe.wait(lambda: probe.last(topics.ARBITER_STATUS).hold, what="the hold")
    assert "the arm reports" in probe.last(topics.ARBITER_STATUS).reason
    franka_server.come_back()
    probe.wait(lambda: not probe.last(STATE).error, 10.0, "the arm to come back")


def test_lockstep_with_a_real_arm_is_refused_at_the_start(make_rig: Callable[..., Any]) -> None:
    from irevla.config.errors import ConfigError

    with pytest.raises(ConfigError, match="lockstep must be false with backend serl"):
        make_rig("robot.backend=serl")
