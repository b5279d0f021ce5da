"""The arbiter node: the only publisher of motion; wiring around `arbiter.arbiter.Arbiter`."""

from __future__ import annotations

import sys
import time
from functools import partial
from typing import Any

from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from sensor_msgs.msg import Image
from std_srvs.srv import Trigger

from irevla.config import topics
from irevla.config.limits import LimitsSettings
from irevla.config.robot import RobotSettings
from irevla_msgs.msg import Action, ArbiterStatus, EpisodeState, Heartbeat, MotionCommand, RobotState
from irevla_nodes import arm_messages, qos
from irevla_nodes.arbiter.arbiter import Arbiter
from irevla_nodes.arbiter.decision import Decision, Hold
from irevla_nodes.arbiter.envelope import limit_names
from irevla_nodes.arbiter.source import Source
from irevla_nodes.diagnostics import Diagnostics, Facts
from irevla_nodes.graph.second_graph import refuse_second_graph
from irevla_nodes.heartbeat import Heartbeat as SignOfLife
from irevla_nodes.parameters import CAMERA_NAMES, declare_section, declare_value
from irevla_nodes.spin import run_node

WATCH_S, STATUS_S = 0.1, 0.5
POLICY, TELEOP = (Source.POLICY,), (Source.TELEOP, Source.EXPERT)


class ArbiterNode(Node):
    """Proposals, states and signs of life in; commands, holds and the status out."""

    def __init__(self) -> None:
        super().__init__("arbiter")
        started_s = time.monotonic()
        robot = declare_section(self, "robot", RobotSettings)
        limits = declare_section(self, "limits", LimitsSettings)
        cameras = list(declare_value(self, "camera_names", ["front", "wrist"], CAMERA_NAMES))
        self._frame = robot.base_frame
        self._arbiter = Arbiter(limits, robot, cameras)
        self._shown: tuple[object, ...] = ()
        refuse_second_graph(self, topics.COMMAND, started_s)
        self._command = self.create_publisher(MotionCommand, topics.COMMAND, qos.stream())
        self._status = self.create_publisher(ArbiterStatus, topics.ARBITER_STATUS, qos.latched())
        self.create_subscription(RobotState, topics.ROBOT_STATE, self._on_state, qos.stream())
        self.create_subscription(EpisodeState, topics.EPISODE_STATE, self._on_episode, qos.latched())
        self.create_subscription(Heartbeat, topics.HEARTBEAT, self._on_heartbeat, qos.stream())
        for topic, sources in ((topics.POLICY_ACTION, POLICY), (topics.TELEOP_ACTION, TELEOP)):
            self.create_subscription(Action, topic, partial(self._on_action, sources), qos.stream())
        if not robot.lockstep:
            # In lockstep a picture cannot grow old, and reading them here would cost time between state and command.
            for name in cameras:
                picture = partial(self._on_picture, name)
                self.create_subscription(Image, topics.camera_image(name), picture, qos.sensor())
        self.create_service(Trigger, topics.HOLD, self._on_hold)
        self.create_service(Trigger, topics.RESUME, self._on_resume)
        # A steady clock: simulated time may stand still, and silence must be noticed all the same.
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        self.create_timer(WATCH_S, self._watch, clock=steady)
        self.create_timer(STATUS_S, self._publish_status, clock=steady)
        self._heartbeat = SignOfLife(self)
        self._diagnostics = Diagnostics(self, self._heartbeat, self._facts, warning=self._warning)
        self._publish_status()

    def _facts(self) -> Facts:
        arbiter = self._arbiter
        source, limited = arbiter.last
        return {
            "hold_reason": arbiter.reason,
            "blamed": arbiter.blamed.name.lower() if arbiter.reason else "",
            "last_source": source.name.lower(),
            "limited_by": ", ".join(limit_names(limited)),
            "nearest_wall_m": min(arbiter.margin_m()),
            "episode": arbiter.episode.episode_id,
        }

    def _warning(self) -> str:
        return f"held: {self._arbiter.reason}" if self._arbiter.reason else ""

    def _on_state(self, message: Any) -> None:
        self._act(self._arbiter.on_arm(arm_messages.arm_report(message), time.monotonic()))

    def _on_episode(self, message: Any) -> None:
        self._act(self._arbiter.on_episode(arm_messages.episode_report(message), time.monotonic()))

    def _on_action(self, sources: tuple[Source, ...], message: Any) -> None:
        if message.source not in sources:
            self.get_logger().warning(f"dropped an action with source {message.source}, expected {sources}")
            return
        self._act(self._arbiter.on_proposal(arm_messages.proposal(message), time.monotonic()))

    def _on_picture(self, camera: str, message: Any) -> None:
        self._arbiter.on_picture(camera, time.monotonic())

    def _on_heartbeat(self, message: Any) -> None:
        self._arbiter.on_heartbeat(message.node, message.state, time.monotonic())

    def _watch(self) -> None:
        publishers = self.count_publishers(self._command.topic_name)
        self._act(self._arbiter.tick(time.monotonic(), publishers))

    def _on_hold(self, request: Any, response: Any) -> Any:
        self._act(self._arbiter.hold("arbiter/hold was called"))
        response.success, response.message = True, f"held: {self._arbiter.reason}"
        return response

    def _on_resume(self, request: Any, response: Any) -> Any:
        cause = self._arbiter.resume(time.monotonic())
        response.success, response.message = not cause, cause or "the arm may move again"
        self.get_logger().info(f"resume: {response.message}")
        self._show()
        return response

    def _act(self, decision: Decision | None) -> None:
        if decision is not None:
            stamp = self.get_clock().now().to_msg()
            self._command.publish(arm_messages.to_command(decision, stamp, self._frame))
            if isinstance(decision, Hold):
                self.get_logger().error(f"hold: {decision.reason}")
        self._show()

    def _show(self) -> None:
        """Publish the status if it changed."""
        shown = (*self._arbiter.last, self._arbiter.reason, self._arbiter.episode.episode_id)
        if shown != self._shown:
            self._shown = shown
            self._publish_status()

    def _publish_status(self) -> None:
        stamp = self.get_clock().now().to_msg()
        self._status.publish(arm_messages.to_status(self._arbiter, stamp, self._frame))


def main() -> int:
    """Run the node."""
    return run_node(ArbiterNode)


if __name__ == "__main__":
    sys.exit(main())
