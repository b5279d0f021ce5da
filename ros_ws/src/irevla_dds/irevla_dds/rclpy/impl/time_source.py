"""Simulated time: a node with ``use_sim_time`` takes its clock from /clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rclpy.callback_groups import MutuallyExclusiveCallbackGroup
from rclpy.clock import ROSClock
from rclpy.parameter import Parameter
from rclpy.qos import QoSProfile, ReliabilityPolicy
from rclpy.time import Time

if TYPE_CHECKING:
    from rclpy.node import Node

USE_SIM_TIME = "use_sim_time"


class TimeSource:
    """Declares ``use_sim_time`` and subscribes to /clock while it is true."""

    def __init__(self, node: Node, clock: ROSClock) -> None:
        self._node = node
        self._clock = clock
        self._subscription: Any = None
        # Its own group: a long callback of the node must not stop its clock.
        self._group = MutuallyExclusiveCallbackGroup()
        clock.add_jump_watcher(self._wake)
        if not node.has_parameter(USE_SIM_TIME):
            node.declare_parameter(USE_SIM_TIME, False)
        node.add_on_set_parameters_callback(self._check)
        node.add_post_set_parameters_callback(self._follow)
        self._follow([node.get_parameter(USE_SIM_TIME)])

    def _check(self, parameters: list[Parameter]) -> Any:
        from rcl_interfaces.msg import SetParametersResult

        for parameter in parameters:
            if parameter.name == USE_SIM_TIME and parameter.type_ != Parameter.Type.BOOL:
                return SetParametersResult(
                    successful=False, reason=f"{USE_SIM_TIME}: expected BOOL, got {parameter.type_.name}"
                )
        return SetParametersResult(successful=True)

    def _follow(self, parameters: list[Parameter]) -> None:
        for parameter in parameters:
            if parameter.name == USE_SIM_TIME:
                self._switch(bool(parameter.value))

    def _switch(self, simulated: bool) -> None:
        from rosgraph_msgs.msg import Clock

        if simulated and self._subscription is None:
            self._clock.set_ros_time_override(Time())
            qos = QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)
            self._subscription = self._node.create_subscription(
                Clock, "/clock", self._on_clock, qos, callback_group=self._group
            )
        elif not simulated and self._subscription is not None:
            self._node.destroy_subscription(self._subscription)
            self._subscription = None
            self._clock.set_ros_time_override(None)

    def _on_clock(self, message: Any) -> None:
        self._clock.set_ros_time_override(Time.from_msg(message.clock))

    def _wake(self) -> None:
        for timer in self._node.timers:
            timer.clock_was_set()
        executor = self._node.executor
        if executor is not None:
            executor.wake()
