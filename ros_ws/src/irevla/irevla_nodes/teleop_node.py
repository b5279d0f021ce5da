"""The teleop node: a person's keys, or in simulation the scripted expert, as proposals."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from sensor_msgs.msg import Image

from irevla.config import topics
from irevla.config.robot import RobotSettings
from irevla.config.tasks import task as task_called
from irevla.config.teleop import TeleopSettings
from irevla.config.teleop_keys import HELP
from irevla_msgs.msg import Action, EpisodeState, RobotState, SimState
from irevla_nodes import arm_messages, qos
from irevla_nodes.arbiter.source import Source
from irevla_nodes.diagnostics import Diagnostics, Facts
from irevla_nodes.heartbeat import Heartbeat
from irevla_nodes.parameters import CAMERA_NAMES, declare_section, declare_value
from irevla_nodes.spin import run_node
from irevla_nodes.teleop.expert_hand import ExpertHand, TaskExpert
from irevla_nodes.teleop.keyboard import Keyboard
from irevla_nodes.teleop.terminal import Terminal


class TeleopNode(Node):
    """Answers at once as the expert, at the policy's pace as a person, and in policy episodes while keys are held."""

    def __init__(self) -> None:
        super().__init__("teleop")
        self._robot = declare_section(self, "robot", RobotSettings)
        self._settings = declare_section(self, "teleop", TeleopSettings, self._change)
        self._keyboard = Keyboard(self._settings)
        self._hand = ExpertHand(_expert_maker(self._robot, self._settings))
        self._episode: Any = EpisodeState()
        self._state: Any = None
        # In lockstep the expert acts on the arm's state alone, so it would outrun the cameras and lose their pictures.
        names = list(declare_value(self, "camera_names", ["front", "wrist"], CAMERA_NAMES))
        cameras = names if self._robot.lockstep else []
        self._pictures_ns = dict.fromkeys(cameras, -1)  # stamp of each camera's newest picture
        self._publisher = self.create_publisher(Action, topics.TELEOP_ACTION, qos.stream())
        self.create_subscription(EpisodeState, topics.EPISODE_STATE, self._on_episode, qos.latched())
        self.create_subscription(RobotState, topics.ROBOT_STATE, self._on_state, qos.stream())
        self.create_subscription(SimState, topics.SIM_STATE, self._on_world, qos.stream())
        for camera in cameras:
            self.create_subscription(
                Image, topics.camera_image(camera), partial(self._on_picture, camera), qos.images(lockstep=True)
            )
        # A person works in real time: in lockstep this timer, not the simulator, sets the pace.
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        self.create_timer(1.0 / self._robot.policy_hz, self._on_pace, clock=steady)
        self._terminal: Terminal | None = None
        if self._settings.keyboard == "auto" and Terminal.is_there():
            self._terminal = Terminal(self._on_keys)
            self.get_logger().info(f"keys: {HELP}")
        self._heartbeat = Heartbeat(self)
        self._diagnostics = Diagnostics(self, self._heartbeat, self._facts)

    def close(self) -> None:
        """Give the terminal back."""
        if self._terminal is not None:
            self._terminal.close()

    def _change(self, settings: TeleopSettings) -> None:
        self._settings = settings
        self._keyboard.configure(settings)
        self._hand.change(_expert_maker(self._robot, settings))
        self.get_logger().info(f"key_speed is {settings.key_speed}, expert_noise {settings.expert_noise}")

    def _facts(self) -> Facts:
        return {
            "keyboard": "reading the terminal" if self._terminal is not None else "off",
            "is_active": self._keyboard.is_active(time.monotonic()),
            "key_speed": self._settings.key_speed,
            "mode": self._episode.mode,
            "episode": self._episode.episode_id,
        }

    def _on_keys(self, typed: str) -> None:
        for key in typed:
            self._keyboard.press(key, time.monotonic())

    def _on_episode(self, message: Any) -> None:
        starts = self._is_running(message) and not self._is_running(self._episode)
        self._episode = message
        if starts and message.mode == "teleop":
            self._keyboard.restart()
        if message.mode == "expert" and message.episode_id and message.state != EpisodeState.IDLE:
            self._hand.start(message.episode_id, message.task, message.seed)
            self._act_as_expert()

    def _on_state(self, message: Any) -> None:
        self._state = message
        self._hand.see_arm(message.episode_id, message.step, arm_messages.from_robot_state(message))
        self._act_as_expert()
        if self._episode.mode == "policy" and self._is_current():
            self._intervene(message)

    def _on_world(self, message: Any) -> None:
        self._hand.see_world(message.episode_id, message.step, np.asarray(message.qpos, dtype=np.float64))
        self._act_as_expert()

    def _on_picture(self, camera: str, message: Any) -> None:
        self._pictures_ns[camera] = arm_messages.from_stamp(message.header.stamp)
        self._act_as_expert()

    def _on_pace(self) -> None:
        if self._episode.mode == "teleop" and self._is_current():
            self._propose(Source.TELEOP, self._keyboard.action(time.monotonic()))

    def _act_as_expert(self) -> None:
        if self._episode.mode == "expert" and self._is_current() and self._is_pictured():
            action = self._hand.act()
            if action is not None:
                self._propose(Source.EXPERT, action)

    def _intervene(self, state: Any) -> None:
        if self._keyboard.is_active(time.monotonic()):
            self._propose(Source.TELEOP, self._keyboard.action(time.monotonic()))
        else:
            self._keyboard.follow(state.gripper_width_m)

    def _propose(self, source: Source, action: NDArray[np.float32]) -> None:
        self._publisher.publish(arm_messages.to_action(source, self._state, action))

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


def _expert_maker(robot: RobotSettings, settings: TeleopSettings) -> Callable[[str], TaskExpert]:
    # MuJoCo is loaded where it is used, and before the first episode: one that starts with an import looks silent.
    from irevla_nodes.sim.expert import Expert

    return lambda task: Expert(task_called(task), 0, settings.expert_noise, robot)


def main() -> int:
    """Run the node."""
    return run_node(TeleopNode)


if __name__ == "__main__":
    sys.exit(main())
