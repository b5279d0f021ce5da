"""The robot node: state out, targets in, reset; wiring around `robot.simulated_arm.SimulatedArm`."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from typing import Any

from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from tf2_msgs.msg import TFMessage

from irevla.config import topics
from irevla.config.errors import ProposalError, UserError
from irevla.config.robot import RobotSettings
from irevla_msgs.msg import MotionCommand, RobotState, SimState
from irevla_msgs.srv import ResetRobot
from irevla_nodes import arm_messages, qos
from irevla_nodes.diagnostics import Diagnostics, Facts
from irevla_nodes.graph.second_graph import refuse_second_graph
from irevla_nodes.heartbeat import OK, Heartbeat
from irevla_nodes.parameters import declare_section
from irevla_nodes.robot.simulated_arm import SimulatedArm
from irevla_nodes.robot.snapshot import Snapshot
from irevla_nodes.sim.simulator import Simulator
from irevla_nodes.spin import run_node


class RobotNode(Node):
    """One arm. In lockstep a command makes a step and silence brings the same step again; on a clock a timer does."""

    def __init__(self) -> None:
        super().__init__("robot")
        started_s = time.monotonic()
        settings = declare_section(self, "robot", RobotSettings)
        self._frame, self._tool_frame = settings.base_frame, settings.tool_frame
        self._stamp_ns = 0  # of the newest state
        self._is_lockstep = settings.lockstep
        self._arm = SimulatedArm(settings, Simulator(settings))
        refuse_second_graph(self, topics.ROBOT_STATE, started_s)
        self._state = self.create_publisher(RobotState, topics.ROBOT_STATE, qos.stream())
        self._sim = self.create_publisher(SimState, topics.SIM_STATE, qos.stream())
        self._tf = self.create_publisher(TFMessage, topics.TF, qos.stream())
        self.create_subscription(MotionCommand, topics.COMMAND, self._on_command, qos.stream())
        self.create_service(ResetRobot, topics.RESET_ROBOT, self._on_reset)
        # Wall time: it is simulated time that stands still in lockstep.
        period_s = settings.lockstep_timeout_s if settings.lockstep else 1.0 / settings.policy_hz
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        self._timer = self.create_timer(period_s, self._on_timer, clock=steady)
        self._heartbeat = Heartbeat(self, self._health)
        self._diagnostics = Diagnostics(self, self._heartbeat, self._facts, hardware_id=settings.backend)

    def _health(self) -> str:
        now = self._arm.now
        return (now.error if now is not None else "") or OK

    def _facts(self) -> Facts:
        now = self._arm.now
        where = {"episode": now.episode_id, "step": now.step, "task": now.task} if now is not None else {"episode": ""}
        return {"pace": "lockstep" if self._is_lockstep else "clock", **where}

    def _on_reset(self, request: Any, response: Any) -> Any:
        try:
            now = self._arm.reset(request.episode_id, request.task, request.seed)
        except UserError as error:
            response.success, response.message = False, str(error)
            return response
        self._publish(now)
        response.success, response.message = True, f"{request.task} stands ready, seed {request.seed}"
        return response

    def _on_command(self, message: Any) -> None:
        try:
            now = self._arm.obey(arm_messages.from_command(message))
        except ProposalError as error:
            self.get_logger().error(str(error))
            return
        if now is not None:
            self._publish(now)

    def _on_timer(self) -> None:
        if not self._is_lockstep:
            now = self._arm.tick()
            if now is not None:
                self._publish(now)
        elif self._arm.now is not None:
            self._publish(self._arm.now)

    def _publish(self, now: Snapshot) -> None:
        if not self._is_lockstep:
            # On a clock the world's time is ROS time. Pictures are told apart by it, so two steps never share a stamp,
            # also while simulated time stands still.
            now = replace(now, stamp_ns=max(self.get_clock().now().nanoseconds, self._stamp_ns + 1))
        self._sim.publish(arm_messages.to_sim_state(now, self._frame))
        self._state.publish(arm_messages.to_robot_state(now, self._frame))
        if now.stamp_ns != self._stamp_ns:  # tf2 warns of a transform that comes twice
            self._stamp_ns = now.stamp_ns
            self._tf.publish(self._tool_transform(now))
        if self._is_lockstep:
            self._timer.reset()

    def _tool_transform(self, now: Snapshot) -> Any:
        position_m, quaternion_xyzw = now.arm.tcp_position_m, now.arm.tcp_quaternion_xyzw
        transform = arm_messages.to_transform(now.stamp_ns, self._frame, self._tool_frame, position_m, quaternion_xyzw)
        return TFMessage(transforms=[transform])


def main() -> int:
    """Run the node."""
    return run_node(RobotNode)


if __name__ == "__main__":
    sys.exit(main())
