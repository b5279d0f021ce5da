"""The teleop node with a gamepad in a test's hands: steering, unplugging, holding, taking over."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import irevla_dds
from irevla.config import topics
from irevla.config.errors import DeviceError
from irevla_nodes.teleop.device import Controls

irevla_dds.activate()

import rclpy  # noqa: E402
from rclpy.executors import SingleThreadedExecutor  # noqa: E402
from rclpy.node import Node  # noqa: E402
from std_srvs.srv import Trigger  # noqa: E402

from irevla_msgs.msg import Action, EpisodeState, RobotState, TeleopButton, TeleopInput, TeleopStatus  # noqa: E402
from irevla_nodes import qos  # noqa: E402
from irevla_nodes.teleop_node import TeleopNode  # noqa: E402

TIMEOUT_S = 20.0


class FakePad:
    """A gamepad; the node's thread reads what the test sets."""

    name = "Fake Pad"

    def __init__(self) -> None:
        self.axes: dict[str, float] = {}
        self.pressed: frozenset[str] = frozenset()
        self.is_plugged = True

    def controls(self, now_s: float) -> Controls:
        if not self.is_plugged:
            raise DeviceError("gone")
        return Controls(self.axes, self.pressed)

    def open(self) -> FakePad | None:
        return self if self.is_plugged else None

    def close(self) -> None:
        pass


class Others(Node):
    """The session, the arm, a window and the arbiter's hold service, played by the test; hears what teleop says."""

    def __init__(self) -> None:
        super().__init__("others")
        self.changed = threading.Condition()
        self.actions: list[Any] = []
        self.statuses: list[Any] = []
        self.buttons: list[Any] = []
        self.holds = 0
        for kind, topic, heard in (
            (Action, topics.TELEOP_ACTION, self.actions),
            (TeleopStatus, topics.TELEOP_STATUS, self.statuses),
            (TeleopButton, topics.TELEOP_BUTTON, self.buttons),
        ):
            self.create_subscription(kind, topic, self._hearer(heard), qos.stream())
        self.episodes = self.create_publisher(EpisodeState, topics.EPISODE_STATE, qos.latched())
        self.arms = self.create_publisher(RobotState, topics.ROBOT_STATE, qos.stream())
        self.inputs = self.create_publisher(TeleopInput, topics.TELEOP_INPUT, qos.stream())
        self.create_service(Trigger, topics.HOLD, self._on_hold)
        self.mode, self.width_m, self.input = "teleop", 0.08, None
        self.create_timer(0.05, self._be_there)

    def wait(self, claim: Callable[[], Any], what: str) -> Any:
        with self.changed:
            assert self.changed.wait_for(claim, TIMEOUT_S), f"did not come true: {what}"
            return claim()

    def steered(self) -> list[float]:
        """The last proposal."""
        return np.asarray(self.actions[-1].action, dtype=np.float64).round(3).tolist() if self.actions else []

    def _hearer(self, heard: list[Any]) -> Callable[[Any], None]:
        def hear(message: Any) -> None:
            with self.changed:
                heard.append(message)
                self.changed.notify_all()

        return hear

    def _on_hold(self, request: Any, response: Any) -> Any:
        with self.changed:
            self.holds += 1
            self.changed.notify_all()
        response.success = True
        return response

    def _be_there(self) -> None:
        running = EpisodeState(state=EpisodeState.RUNNING, episode_id="one", task="press_button", mode=self.mode)
        self.episodes.publish(running)
        self.arms.publish(RobotState(episode_id="one", step=3, gripper_width_m=self.width_m))
        if self.input is not None:
            self.inputs.publish(self.input)


@pytest.fixture
def pad() -> FakePad:
    return FakePad()


@pytest.fixture
def others(pad: FakePad, request: pytest.FixtureRequest) -> Iterator[Others]:
    rclpy.init(args=[], domain_id=160 + (os.getpid() * 7 + hash(request.node.name)) % 70)
    others, teleop = Others(), TeleopNode({"gamepad": pad.open})
    executor = SingleThreadedExecutor()
    executor.add_node(others)
    executor.add_node(teleop)
    thread = threading.Thread(target=executor.spin, name="both nodes")
    thread.start()
    others.wait(lambda: others.statuses and list(others.statuses[-1].devices), "the gamepad is found")
    yield others
    executor.shutdown()
    thread.join(TIMEOUT_S)
    teleop.close()
    for node in (others, teleop):
        node.destroy_node()
    rclpy.shutdown()


def test_a_gamepad_steers_a_teleop_episode_and_the_status_says_so(others: Others, pad: FakePad) -> None:
    pad.axes = {"left_y": -1.0}
    others.wait(lambda: others.steered() == [0.7, 0, 0, 0, 0, 0, 1], "the arm goes ahead")
    status = others.wait(lambda: others.statuses[-1].takes_over and others.statuses[-1], "somebody steers")
    assert (status.active, list(status.devices), status.detail) == ("gamepad", ["gamepad: Fake Pad"], "")


def test_unplugged_in_the_middle_the_arm_is_told_to_stand_still_and_the_episode_goes_on(
    others: Others, pad: FakePad
) -> None:
    pad.axes = {"left_y": -1.0}
    others.wait(lambda: others.steered()[:1] == [0.7], "the arm goes ahead")
    pad.is_plugged = False
    status = others.wait(lambda: others.statuses[-1].detail and others.statuses[-1], "the status says what happened")
    assert "was unplugged: the arm stands still" in status.detail
    assert (status.takes_over, list(status.devices)) == (False, [])
    count = len(others.actions)
    others.wait(lambda: len(others.actions) > count + 3, "proposals go on, so the arbiter does not hold")
    assert others.steered() == [0, 0, 0, 0, 0, 0, 1]
    others.input = TeleopInput(axes=[0.0, 1.0, 0.0, 0.0, 0.0, 0.0], takes_over=True)
    others.wait(lambda: others.steered() == [0, 0.5, 0, 0, 0, 0, 1], "the window takes its place")


@pytest.mark.parametrize("mode", ["policy", "expert", ""])
def test_the_hold_button_calls_the_arbiter_at_once_whoever_acts(others: Others, pad: FakePad, mode: str) -> None:
    others.mode = mode
    pad.pressed = frozenset({"b"})
    others.wait(lambda: others.holds == 1, "arbiter/hold was called")
    button = others.wait(lambda: others.buttons and others.buttons[-1], "the button is told to everybody")
    assert (button.device, button.command) == ("gamepad: Fake Pad", "hold")


def test_in_a_policy_episode_a_window_takes_over_while_it_holds_and_keeps_the_gripper_as_it_is(
    others: Others, pad: FakePad
) -> None:
    others.mode, others.width_m = "policy", 0.03
    others.wait(lambda: not others.statuses[-1].gripper_open, "the gripper is followed")
    assert others.actions == [] or others.actions[-1].source == Action.SOURCE_TELEOP
    count = len(others.actions)
    others.input = TeleopInput(axes=[1.0, 0.0, 0.0, 0.0, 0.0, 0.0], takes_over=True)
    others.wait(lambda: others.steered() == [0.5, 0, 0, 0, 0, 0, -1], "the window intervenes")
    assert len(others.actions) > count
    others.input = None
    others.wait(lambda: not others.statuses[-1].takes_over, "silence is no take-over")
