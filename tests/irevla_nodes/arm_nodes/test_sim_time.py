"""`use_sim_time` where nobody publishes /clock: simulated time stands at zero, and nothing waits for it."""

from collections.abc import Callable
from typing import Any

import pytest

from irevla.config import topics

STATE = topics.ROBOT_STATE
NODES = ("robot", "camera_front", "teleop", "arbiter")


@pytest.fixture(scope="module")
def rig(make_rig: Callable[..., Any]) -> Any:
    rig = make_rig("robot.lockstep=false", "limits.heartbeat_timeout_s=6.0")
    for node in NODES:
        rig.start(node, arguments=("-p", "use_sim_time:=true"))
    return rig


@pytest.fixture(scope="module")
def probe(rig: Any, make_probe: Callable[..., Any]) -> Any:
    probe = make_probe(rig)
    probe.wait(lambda: set(NODES) <= {m.node for m in probe.heard[topics.HEARTBEAT]}, 90.0, "every node's heartbeat")
    return probe


def key(message: Any) -> tuple[int, int]:
    return int(message.header.stamp.sec), int(message.header.stamp.nanosec)


def test_the_clocked_arm_steps_and_no_two_pictures_share_a_stamp(probe: Any) -> None:
    assert probe.reset("still").success
    picture = topics.camera_image("front")
    probe.wait(lambda: len(probe.heard[picture]) > 3, what="pictures")
    stamps = [key(m) for m in probe.heard[STATE]]
    assert stamps == sorted(set(stamps)), "later steps have later stamps"
    assert stamps[-1] < (1, 0), "simulated time stands at zero"
    drawn = {key(m) for m in probe.heard[picture]}
    probe.wait(lambda: drawn <= {key(m) for m in probe.heard[STATE]}, what="the states that were drawn")


def test_silence_holds_the_arm_all_the_same(probe: Any) -> None:
    probe.alive = ("session",)
    probe.run("nobody-acts", "policy")
    probe.wait(
        lambda: (m := probe.last(topics.ARBITER_STATUS)) is not None and m.hold, 30.0, "a hold for the policy's silence"
    )
    assert probe.last(topics.ARBITER_STATUS).reason.startswith("no ")
