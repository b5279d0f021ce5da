"""The robot node: state out, targets in, reset; wiring around a simulated or a real arm of `robot`."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from typing import Any

from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from rclpy.task import Future
from tf2_msgs.msg import TFMessage

from irevla.config import topics
from irevla.config.errors import IrevlaError, ProposalError, UserError
from irevla.config.limits import LimitsSettings
from irevla.config.robot import RobotSettings
from irevla_msgs.msg import ArbiterStatus, MotionCommand, RobotState, SimState
from irevla_msgs.srv import ResetRobot
from irevla_nodes import arm_messages, qos
from irevla_nodes.diagnostics import Diagnostics, Facts
from irevla_nodes.graph.second_graph import refuse_second_graph
from irevla_nodes.heartbeat import OK, Heartbeat
from irevla_nodes.parameters import declare_section
from irevla_nodes.robot.arm import Arm
from irevla_nodes.robot.drivers.catalogue import open_driver
from irevla_nodes.robot.hardware_arm import HardwareArm
from irevla_nodes.robot.simulated_arm import SimulatedArm
from irevla_nodes.robot.snapshot import Snapshot
from irevla_nodes.spin import run_node

WARN_EVERY_S = 5.0


class RobotNode(Node):
    """One arm. In lockstep a command makes a step and silence brings the same step again; on a clock a timer does.

    A real arm's reset takes seconds: its request waits in a coroutine, so that states go out and a hold gets in.
    """

    def __init__(self) -> None:
        super().__init__("robot")
        started_s = time.monotonic()
        settings = declare_section(self, "robot", RobotSettings)
        self._frame, self._tool_frame = settings.base_frame, settings.tool_frame
        self._stamp_ns = 0  # of the newest state
        self._is_lockstep = settings.lockstep
        self._hardware: HardwareArm | None = None
        self._arrival: Any = None  # Future of the reset that is under way
        self._arm = self._open_arm(settings)
        refuse_second_graph(self, topics.ROBOT_STATE, started_s)
        self._state = self.create_publisher(RobotState, topics.ROBOT_STATE, qos.stream())
        self._tf = self.create_publisher(TFMessage, topics.TF, qos.stream())
        self._sim: Any = None
        if self._hardware is None:
            self._sim = self.create_publisher(SimState, topics.SIM_STATE, qos.stream())
            self.create_service(ResetRobot, topics.RESET_ROBOT, self._on_reset)
        else:
            self.create_subscription(ArbiterStatus, topics.ARBITER_STATUS, self._on_arbiter, qos.latched())
            group = ReentrantCallbackGroup()
            self.create_service(ResetRobot, topics.RESET_ROBOT, self._on_hardware_reset, callback_group=group)
        self.create_subscription(MotionCommand, topics.COMMAND, self._on_command, qos.stream())
        # Wall time: it is simulated time that stands still in lockstep.
        period_s = settings.lockstep_timeout_s if settings.lockstep else self._arm.tick_s
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        self._timer = self.create_timer(period_s, self._on_timer, clock=steady)
        self._heartbeat = Heartbeat(self, self._health)
        self._diagnostics = Diagnostics(self, self._heartbeat, self._facts, hardware_id=settings.backend)

    def close(self) -> None:
        """Hold a real arm where it stands and let go of it."""
        self._arm.close()

    def _open_arm(self, settings: RobotSettings) -> Arm:
        if settings.is_simulated:
            # MuJoCo is loaded where it is needed only.
            from irevla_nodes.sim.simulator import Simulator

            self._simulated = SimulatedArm(settings, Simulator(settings))
            return self._simulated
        limits = declare_section(self, "limits", LimitsSettings)
        self._hardware = HardwareArm(settings, limits, open_driver(settings, self))
        return self._hardware

    def _health(self) -> str:
        return self._arm.trouble or OK

    def _facts(self) -> Facts:
        now = self._arm.now
        where = {"episode": now.episode_id, "step": now.step, "task": now.task} if now is not None else {"episode": ""}
        return {"pace": "lockstep" if self._is_lockstep else "clock", **where}

    def _on_reset(self, request: Any, response: Any) -> Any:
        try:
            now = self._simulated.reset(request.episode_id, request.task, request.seed)
        except UserError as error:
            response.success, response.message = False, str(error)
            return response
        self._publish(now)
        response.success, response.message = True, f"{request.task} stands ready, seed {request.seed}"
        return response

    async def _on_hardware_reset(self, request: Any, response: Any) -> Any:
        arm = self._hardware
        assert arm is not None
        try:
            arm.reset(request.episode_id, request.task, request.seed)
        except IrevlaError as error:
            response.success, response.message = False, str(error)
            return response
        self.get_logger().info(f"going home for {request.task}")
        self._arrival = Future()
        await self._arrival
        response.success = not arm.homing_failure
        response.message = arm.homing_failure or f"the arm stands at home for {request.task}"
        return response

    def _on_arbiter(self, status: Any) -> None:
        if self._hardware is not None:
            self._hardware.hear_arbiter((status.reason or "no reason given") if status.hold else "")

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
            if self._hardware is not None and self._hardware.trouble:
                self.get_logger().error(self._hardware.trouble, throttle_duration_sec=WARN_EVERY_S)
            if self._arrival is not None and self._hardware is not None and not self._hardware.is_homing:
                arrival, self._arrival = self._arrival, None
                arrival.set_result(None)
        elif self._arm.now is not None:
            self._publish(self._arm.now)

    def _publish(self, now: Snapshot) -> None:
        if self._sim is not None:
            if not self._is_lockstep:
                # On a clock the world's time is ROS time. Pictures are told apart by it, so two steps never share a
                # stamp, also while simulated time stands still.
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
