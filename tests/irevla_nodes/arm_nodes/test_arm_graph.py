"""Robot, cameras, teleop and arbiter as processes: the expert succeeds, seeds repeat, silence and NaN hold the arm."""

import math
import os
import signal
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from irevla.config import topics
from irevla.config.tasks import task as task_called
from irevla_nodes.sim.env import PandaEnv
from irevla_nodes.sim.expert import Expert

TASK = "pick_red_block"
NODES = ("robot", "camera_front", "camera_wrist", "teleop", "arbiter")


@pytest.fixture(scope="module")
def rig(make_rig: Callable[..., Any]) -> Any:
    # A loaded test machine may take its time; what silence does is tested with a node that is stopped.
    rig = make_rig("limits.heartbeat_timeout_s=6.0")
    for node in NODES:
        rig.start(node)
    return rig


@pytest.fixture(scope="module")
def probe(rig: Any, make_probe: Callable[..., Any]) -> Any:
    probe = make_probe(rig)
    names = {"robot", "camera_front", "camera_wrist", "teleop", "arbiter"}
    probe.wait(lambda: names <= {m.node for m in probe.heard[topics.HEARTBEAT]}, 90.0, "every node's heartbeat")
    return probe


@pytest.fixture(autouse=True)
def let_go(probe: Any) -> None:
    """End what an earlier test left, so that one failure stays one."""
    probe.end()
    if status(probe) is not None and status(probe).hold:
        probe.wait(lambda: resume(probe).success, what=f"a resume from: {status(probe).reason}")
        probe.wait(lambda: not status(probe).hold)


def status(probe: Any) -> Any:
    return probe.last(topics.ARBITER_STATUS)


def resume(probe: Any) -> Any:
    from std_srvs.srv import Trigger

    return probe.call(probe.resume_client, Trigger.Request())


def expert_episode(probe: Any, episode_id: str, seed: int) -> list[Any]:
    """Have the expert play; returns the SimState of each step."""
    answer = probe.reset(episode_id, TASK, seed)
    assert answer.success, answer.message
    probe.run(episode_id, "expert", TASK, seed)

    def worlds() -> dict[int, Any]:
        return {m.step: m for m in probe.heard[topics.SIM_STATE] if m.episode_id == episode_id}

    def is_over() -> bool:
        assert not (status(probe) and status(probe).hold), status(probe).reason
        steps = worlds()
        return bool(steps) and (steps[max(steps)].success or max(steps) >= 60)

    probe.wait(is_over, 60.0, f"the end of {episode_id}")
    probe.end()
    steps = worlds()
    return [steps[index] for index in range(max(steps) + 1)]


def env_episode(rig: Any, seed: int) -> list[np.ndarray]:
    """The same episode in one process, without any graph."""
    env = PandaEnv(TASK, rig.settings, images=False)
    env.reset(seed=seed)
    expert = Expert(task_called(TASK), seed, rig.settings.teleop.expert_noise, rig.settings.robot)
    rows, is_over = [env.qpos], False
    while not is_over:
        _, _, terminated, truncated, _ = env.step(expert.act(env.arm, env.qpos))
        rows.append(env.qpos)
        is_over = terminated or truncated
    return rows


def test_the_expert_succeeds_and_the_graph_does_bit_for_bit_what_one_process_does(rig: Any, probe: Any) -> None:
    worlds = expert_episode(probe, "a", seed=3)
    assert worlds[-1].success
    alone = env_episode(rig, seed=3)
    assert len(worlds) == len(alone)
    for world, qpos in zip(worlds, alone, strict=True):
        np.testing.assert_array_equal(np.asarray(world.qpos), qpos)


def test_the_same_seed_repeats_bit_for_bit_and_another_does_not(probe: Any) -> None:
    first, again, other = (expert_episode(probe, name, seed) for name, seed in (("b", 5), ("c", 5), ("d", 6)))
    assert [bytes(m.qpos) + bytes(m.qvel) for m in first] == [bytes(m.qpos) + bytes(m.qvel) for m in again]
    assert bytes(first[0].qpos) != bytes(other[0].qpos)


def test_every_state_has_its_two_pictures_under_the_same_stamp(probe: Any) -> None:
    worlds = expert_episode(probe, "e", seed=1)
    stamps = {(m.header.stamp.sec, m.header.stamp.nanosec) for m in worlds}
    for name, frame in (("front", "front_optical_frame"), ("wrist", "wrist_optical_frame")):
        topic = topics.camera_image(name)

        def seen(topic: str = topic) -> bool:
            return stamps <= {(m.header.stamp.sec, m.header.stamp.nanosec) for m in probe.heard[topic]}

        probe.wait(seen, what=f"all pictures of {name}")
        picture = probe.last(topic)
        assert (picture.height, picture.width, picture.encoding, picture.step) == (96, 96, "rgb8", 288)
        assert picture.header.frame_id == frame
        assert np.frombuffer(picture.data, np.uint8).std() > 10  # something is to be seen


def test_an_action_of_nan_holds_the_arm_until_somebody_resumes(probe: Any) -> None:
    from irevla_msgs.msg import Action

    probe.alive = ("session", "policy")
    probe.spin(0.3)
    assert probe.reset("nan").success
    probe.run("nan", "policy")
    probe.actions.publish(Action(episode_id="nan", step=0, source=Action.SOURCE_POLICY, action=[math.nan] * 7))
    probe.wait(lambda: status(probe).hold, what="the hold")
    assert "7 finite numbers" in status(probe).reason
    assert status(probe).blamed == Action.SOURCE_POLICY
    assert probe.wait(lambda: probe.last(topics.COMMAND)).hold
    probe.actions.publish(Action(episode_id="nan", step=0, source=Action.SOURCE_POLICY, action=[0.0] * 7))
    probe.spin(0.3)
    assert status(probe).hold
    assert resume(probe).success
    assert status(probe).blamed == Action.SOURCE_HOLD
    probe.actions.publish(Action(episode_id="nan", step=0, source=Action.SOURCE_POLICY, action=[0.0] * 7))
    probe.wait(lambda: probe.last(topics.SIM_STATE).step == 1, what="the step after the resume")
    probe.end()


def test_a_second_publisher_of_commands_holds_the_arm(probe: Any) -> None:
    from irevla_msgs.msg import MotionCommand
    from irevla_nodes import qos

    intruder = probe.create_publisher(MotionCommand, topics.COMMAND, qos.stream())
    probe.wait(lambda: status(probe).hold, what="the hold")
    assert "2 publishers of arbiter/command" in status(probe).reason
    refused = resume(probe)
    assert not refused.success
    assert "2 publishers" in refused.message
    probe.destroy_publisher(intruder)
    probe.wait(lambda: resume(probe).success, what="a resume after the intruder left")
    probe.wait(lambda: not status(probe).hold)


def test_the_hold_service_stops_at_once(probe: Any) -> None:
    from std_srvs.srv import Trigger

    assert probe.call(probe.hold_client, Trigger.Request()).success
    probe.wait(lambda: status(probe).hold)
    assert status(probe).reason == "arbiter/hold was called"
    assert resume(probe).success


def test_a_node_that_falls_silent_holds_the_arm_and_says_which(rig: Any, probe: Any) -> None:
    assert probe.reset("silent").success
    teleop = rig.processes["teleop"].pid
    probe.run("silent", "teleop")
    probe.wait(lambda: any(m.episode_id == "silent" and m.step > 2 for m in probe.heard[topics.SIM_STATE]))
    os.kill(teleop, signal.SIGSTOP)
    try:
        probe.wait(lambda: status(probe).hold, what="the hold")
        assert "no heartbeat from teleop" in status(probe).reason
        assert not resume(probe).success
    finally:
        os.kill(teleop, signal.SIGCONT)
    probe.wait(lambda: resume(probe).success, what="a resume after teleop came back")
    probe.end()
