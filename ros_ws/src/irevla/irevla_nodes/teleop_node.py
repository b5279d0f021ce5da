"""The teleop node: a person's hands on some device, or in simulation the scripted expert, as proposals."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from sensor_msgs.msg import Image
from std_srvs.srv import Trigger

from irevla.config import topics
from irevla.config.robot import RobotSettings
from irevla.config.tasks import task as task_called
from irevla.config.teleop.motion_keys import HELP
from irevla.config.teleop.settings import TeleopSettings
from irevla_msgs.msg import Action, EpisodeState, RobotState, SimState, TeleopButton, TeleopInput, TeleopStatus
from irevla_nodes import arm_messages, qos
from irevla_nodes.arbiter.source import Source
from irevla_nodes.diagnostics import Diagnostics, Facts
from irevla_nodes.heartbeat import OK, Heartbeat
from irevla_nodes.parameters import CAMERA_NAMES, declare_section, declare_value
from irevla_nodes.spin import run_node
from irevla_nodes.teleop.device import Open
from irevla_nodes.teleop.device_thread import DeviceThread
from irevla_nodes.teleop.device_watch import DeviceWatch
from irevla_nodes.teleop.expert_hand import ExpertHand, TaskExpert
from irevla_nodes.teleop.gamepad import Gamepads
from irevla_nodes.teleop.hands import Hands
from irevla_nodes.teleop.keyboard import Keyboard
from irevla_nodes.teleop.reading import Kind
from irevla_nodes.teleop.spacemouse import SpaceMice
from irevla_nodes.teleop.terminal import Terminal
from irevla_nodes.teleop.window import Window

STATUS_S = 0.2
Openers = Mapping[Kind, Open]


class TeleopNode(Node):
    """Answers at once as the expert, at the policy's pace as a person, and in policy episodes while somebody steers."""

    def __init__(self, openers: Openers | None = None) -> None:
        """``openers`` open what is plugged in; by default the devices that the settings name."""
        super().__init__("teleop")
        self._robot = robot = declare_section(self, "robot", RobotSettings)
        self._settings = declare_section(self, "teleop", TeleopSettings, self._change)
        self._episode: Any = EpisodeState()
        self._state: Any = None
        self._expert = ExpertHand(_expert_maker(robot, self._settings)) if robot.is_simulated else None
        # In lockstep the expert acts on the arm's state alone, so it would outrun the cameras and lose their pictures.
        names = list(declare_value(self, "camera_names", ["front", "wrist"], CAMERA_NAMES))
        self._pictures_ns = dict.fromkeys(names if robot.lockstep else [], -1)  # stamp of each camera's newest picture
        self._actions = self.create_publisher(Action, topics.TELEOP_ACTION, qos.stream())
        self._statuses = self.create_publisher(TeleopStatus, topics.TELEOP_STATUS, qos.stream())
        self._buttons = self.create_publisher(TeleopButton, topics.TELEOP_BUTTON, qos.stream())
        self._hold = self.create_client(Trigger, topics.HOLD)
        self._create_hands(_openers(self._settings) if openers is None else openers)
        self._subscribe()
        # A person works in real time: in lockstep this timer, not the simulator, sets the pace.
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        self.create_timer(1.0 / robot.policy_hz, self._on_pace, clock=steady)
        self.create_timer(STATUS_S, self._publish_status, clock=steady)
        self._shown: tuple[object, ...] = ()
        self._heartbeat = Heartbeat(self, self._health)
        self._diagnostics = Diagnostics(self, self._heartbeat, self._facts, warning=self._detail)

    def close(self) -> None:
        """Give the terminal and the devices back."""
        if self._terminal is not None:
            self._terminal.close()
        self._devices.close()

    def _create_hands(self, openers: Openers) -> None:
        settings = self._settings
        self._keyboard, self._window = Keyboard(settings), Window(settings)
        self._plugged = [
            DeviceWatch(kind, getattr(settings, kind), open_device, self._on_button, settings.hold_key_s)
            for kind, open_device in openers.items()
        ]
        press_s = max(settings.hold_key_s, 2.0 / self._robot.policy_hz)
        self._hands = Hands([self._keyboard, self._window, *self._plugged], press_s)
        self._devices = DeviceThread(self._plugged, time.monotonic)
        self._terminal: Terminal | None = None
        if settings.keyboard == "auto" and Terminal.is_there():
            self._terminal = Terminal(self._on_keys)
            self.get_logger().info(f"keys: {HELP}")

    def _subscribe(self) -> None:
        self.create_subscription(EpisodeState, topics.EPISODE_STATE, self._on_episode, qos.latched())
        self.create_subscription(RobotState, topics.ROBOT_STATE, self._on_state, qos.stream())
        self.create_subscription(TeleopInput, topics.TELEOP_INPUT, self._on_window, qos.stream())
        if self._expert is None:
            return
        self.create_subscription(SimState, topics.SIM_STATE, self._on_world, qos.stream())
        for camera in self._pictures_ns:
            self.create_subscription(
                Image, topics.camera_image(camera), partial(self._on_picture, camera), qos.images(lockstep=True)
            )

    def _change(self, settings: TeleopSettings) -> None:
        self._settings = settings
        self._keyboard.configure(settings)
        self._window.configure(settings)
        if self._expert is not None:
            self._expert.change(_expert_maker(self._robot, settings))
        self.get_logger().info(f"key_speed is {settings.key_speed}, expert_noise {settings.expert_noise}")

    def _health(self) -> str:
        return OK if self._devices.is_well else "the thread that reads the devices has ended; see this node's log"

    def _facts(self) -> Facts:
        return {
            "keyboard": "reading the terminal" if self._terminal is not None else "off",
            "devices": ", ".join(self._names()),
            "active": self._hands.active or "",
            "takes_over": self._hands.takes_over,
            "key_speed": self._settings.key_speed,
            "mode": self._episode.mode,
            "episode": self._episode.episode_id,
        }

    def _names(self) -> list[str]:
        return [watch.name for watch in self._plugged if watch.name]

    def _detail(self) -> str:
        return "; ".join(watch.detail for watch in self._plugged if watch.detail)

    def _on_keys(self, typed: str) -> None:
        self._keyboard.type(typed, time.monotonic())

    def _on_window(self, message: Any) -> None:
        axes = np.asarray(message.axes, dtype=np.float64).tolist()
        takes_over, presses = bool(message.takes_over), int(message.gripper_presses)
        self._window.hear(message.who, axes, takes_over, presses, time.monotonic())

    def _on_button(self, device: str, command: str) -> None:
        """Pass a command on; in the devices' thread, so that a busy executor does not delay a hold."""
        if command == "hold":
            if not self._hold.service_is_ready():
                self.get_logger().error(f"hold was pressed, but nobody serves {self._hold.srv_name}")
            self._hold.call_async(Trigger.Request())
        message = TeleopButton(device=device, command=command)
        message.header.stamp = self.get_clock().now().to_msg()
        self._buttons.publish(message)

    def _on_episode(self, message: Any) -> None:
        starts = self._is_running(message) and not self._is_running(self._episode)
        self._episode = message
        if starts and message.mode == "teleop":
            self._keyboard.restart()
            self._hands.restart()
        is_begun = message.episode_id and message.state != EpisodeState.IDLE
        if self._expert is not None and message.mode == "expert" and is_begun:
            self._expert.start(message.episode_id, message.task, message.seed)
            self._act_as_expert()

    def _on_state(self, message: Any) -> None:
        self._state = message
        if self._expert is not None:
            self._expert.see_arm(message.episode_id, message.step, arm_messages.from_robot_state(message))
            self._act_as_expert()
        if self._episode.mode == "policy" and self._is_current():
            self._intervene(message)

    def _on_world(self, message: Any) -> None:
        if self._expert is not None:
            self._expert.see_world(message.episode_id, message.step, np.asarray(message.qpos, dtype=np.float64))
            self._act_as_expert()

    def _on_picture(self, camera: str, message: Any) -> None:
        self._pictures_ns[camera] = arm_messages.from_stamp(message.header.stamp)
        self._act_as_expert()

    def _on_pace(self) -> None:
        self._look()
        if self._episode.mode == "teleop" and self._is_current():
            self._propose(Source.TELEOP, self._hands.action())

    def _act_as_expert(self) -> None:
        if self._expert is not None and self._episode.mode == "expert" and self._is_current() and self._is_pictured():
            action = self._expert.act()
            if action is not None:
                self._propose(Source.EXPERT, action)

    def _intervene(self, state: Any) -> None:
        self._look()
        if self._hands.takes_over:
            self._propose(Source.TELEOP, self._hands.action())
        else:
            self._hands.follow(state.gripper_width_m)

    def _look(self) -> None:
        """Read the devices, and tell at once when something other than the motion itself is new."""
        hands = self._hands
        hands.look(time.monotonic())
        shown = (*self._names(), hands.active, hands.takes_over, hands.is_open, self._detail())
        if shown != self._shown:
            self._shown = shown
            self._publish_status()

    def _publish_status(self) -> None:
        hands = self._hands
        message = TeleopStatus(devices=self._names(), active=hands.active or "", takes_over=hands.takes_over)
        message.header.stamp = self.get_clock().now().to_msg()
        message.axes = np.array(hands.axes, dtype=np.float32)
        message.gripper_open, message.detail = hands.is_open, self._detail()
        self._statuses.publish(message)

    def _propose(self, source: Source, action: NDArray[np.float32]) -> None:
        self._actions.publish(arm_messages.to_action(source, self._state, action))

    def _is_current(self) -> bool:
        """Say whether the arm's latest state belongs to the episode that runs."""
        return (
            self._is_running(self._episode)
            and self._state is not None
            and self._state.episode_id == self._episode.episode_id
        )

    def _is_pictured(self) -> bool:
        """Say whether every camera has shown the arm's latest state."""
        now_ns = arm_messages.from_stamp(self._state.header.stamp)
        return all(stamp_ns == now_ns for stamp_ns in self._pictures_ns.values())

    @staticmethod
    def _is_running(episode: Any) -> bool:
        return bool(episode.state == EpisodeState.RUNNING)


def _openers(settings: TeleopSettings) -> Openers:
    openers: dict[Kind, Open] = {}
    if settings.gamepad.use == "auto":
        openers["gamepad"] = Gamepads().open
    if settings.spacemouse.use == "auto":
        openers["spacemouse"] = SpaceMice(settings.spacemouse.silence_s).open
    return openers


def _expert_maker(robot: RobotSettings, settings: TeleopSettings) -> Callable[[str], TaskExpert]:
    # MuJoCo is loaded in simulation only, and before the first episode: one that starts with an import looks silent.
    from irevla_nodes.sim.expert import Expert

    return lambda task: Expert(task_called(task), 0, settings.expert_noise, robot)


def main() -> int:
    """Run the node."""
    return run_node(TeleopNode)


if __name__ == "__main__":
    sys.exit(main())
