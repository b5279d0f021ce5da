"""CRISP's CartesianController on ros2_control: franka_ros2 (FR3) and multipanda (Panda) alike, by standard messages.

Protocol: utiasDSL/crisp_controllers. The error recoveries of the two stacks need two different packages that are both
called franka_msgs, so a person recovers the arm with its stack's own tool. The controller has no watchdog: it holds
the last set point for ever, and ignores all of them while `target_pose` has two publishers.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from builtin_interfaces.msg import Time
from geometry_msgs.msg import Point, Pose, PoseStamped, Quaternion, TwistStamped
from numpy.typing import NDArray
from sensor_msgs.msg import JointState
from std_msgs.msg import Float64MultiArray, Header

from irevla.config.errors import DeviceError
from irevla.config.hardware import CrispSettings
from irevla_nodes import qos
from irevla_nodes.arbiter.target import Floats64, Target
from irevla_nodes.robot.drivers.driver import Measurement
from irevla_nodes.sim.arm_state import ArmState

LOOK_S = 0.2
"""Between two looks at who else is on the topics; a look walks the whole graph."""


class CrispDriver:
    """Publishers and subscriptions on the robot node; its executor feeds them. Ages count from arrival.

    Headers' stamps come from the clock of the controllers' machine, which need not be this one's.
    """

    reflex_hint = "recover the arm with franka_ros2's or multipanda's error_recovery, activate the controller, reset"

    def __init__(self, settings: CrispSettings, node: Any, clock: Callable[[], float] = time.monotonic) -> None:
        """``node`` is the rclpy node to talk through."""
        self._settings, self._node, self._clock = settings, node, clock
        self._joints = [f"{settings.joint_prefix}{number}" for number in range(1, 8)]
        self._newest: dict[str, tuple[Any, float]] = {}
        self._topics = {"pose": settings.current_pose, "twist": settings.current_twist, "joints": settings.joint_states}
        kinds = {"pose": PoseStamped, "twist": TwistStamped, "joints": JointState, "gripper": JointState}
        self._command: Any = None
        if settings.gripper != "none":
            self._topics["gripper"] = settings.gripper_state
            # The default profile, as ros2_control's own command topics have it.
            self._command = node.create_publisher(Float64MultiArray, self._name(settings.gripper_command), 10)
        for part, topic in self._topics.items():
            # Best effort meets both kinds of broadcaster.
            node.create_subscription(kinds[part], self._name(topic), partial(self._hear, part), qos.sensor())
        self._target = node.create_publisher(PoseStamped, self._name(settings.target_pose), 1)
        self._trouble, self._looked_s = "", -math.inf

    def read(self) -> Measurement:
        """Return the newest state; its age is that of its oldest part."""
        trouble = self._look()
        if trouble:
            raise DeviceError(trouble)
        missing = [self._name(topic) for part, topic in self._topics.items() if part not in self._newest]
        if missing:
            raise DeviceError(
                f"nothing came yet on {', '.join(missing)}; are CRISP's broadcasters active, in the same ROS domain, "
                "under the names of robot.crisp?"
            )
        oldest_s = min(came_s for _, came_s in self._newest.values())
        return Measurement(self._arm_state(), self._clock() - oldest_s)

    def move_to(self, target: Target) -> None:
        """Publish the pose on `target_pose`."""
        now_ns = time.time_ns()
        stamp = Time(sec=now_ns // 1_000_000_000, nanosec=now_ns % 1_000_000_000)
        px, py, pz = target.position_m.tolist()
        x, y, z, w = target.quaternion_xyzw.tolist()
        pose = Pose(position=Point(x=px, y=py, z=pz), orientation=Quaternion(x=x, y=y, z=z, w=w))
        self._target.publish(PoseStamped(header=Header(stamp=stamp, frame_id=self._settings.base_frame), pose=pose))

    def grip(self, *, is_open: bool) -> None:
        """Command the gripper's position controller; CRISP's adapter of the Franka Hand grasps below one half."""
        if self._command is not None:
            self._command.publish(Float64MultiArray(data=[1.0 if is_open else 0.0]))

    def recover(self) -> None:
        """Do nothing: see `reflex_hint`."""

    def close(self) -> None:
        """Do nothing: the node takes its publishers along."""

    def _name(self, topic: str) -> str:
        namespace = self._settings.namespace.rstrip("/")
        return f"{namespace}/{topic}" if namespace and not topic.startswith("/") else topic

    def _hear(self, part: str, message: Any) -> None:
        self._newest[part] = (message, self._clock())

    def _look(self) -> str:
        """Return why the controller would not hear a set point, or ""."""
        now_s = self._clock()
        if now_s - self._looked_s < LOOK_S:
            return self._trouble
        self._looked_s, self._trouble = now_s, ""
        topic = self._target.topic_name
        publishers = self._node.count_publishers(topic)
        if publishers > 1:
            self._trouble = (
                f"{topic} has {publishers} publishers, and CRISP's controller ignores it while there is more than one; "
                "end the other (a teleop, crisp_py, a second graph)"
            )
        elif self._node.count_subscribers(topic) < 1:
            self._trouble = (
                f"nobody listens on {topic}; is CRISP's cartesian controller active, in the same ROS domain?"
            )
        return self._trouble

    def _arm_state(self) -> ArmState:
        pose, joints = self._newest["pose"][0], self._newest["joints"][0]
        if pose.header.frame_id != self._settings.base_frame:
            raise DeviceError(
                f"{self._name(self._settings.current_pose)} comes in frame {pose.header.frame_id!r}, expected "
                f"{self._settings.base_frame!r} (robot.crisp.base_frame: base on an FR3, panda_link0 on a Panda)"
            )
        point, turn = pose.pose.position, pose.pose.orientation
        quaternion = _numbers("current_pose's orientation", [turn.x, turn.y, turn.z, turn.w])
        length = float(np.linalg.norm(quaternion))
        if abs(length - 1.0) > 0.01:
            raise DeviceError(f"current_pose: expected a unit quaternion, got {quaternion}")
        twist = self._newest["twist"][0].twist
        speeds = [getattr(part, axis) for part in (twist.linear, twist.angular) for axis in "xyz"]
        return ArmState(
            time_s=time.time(),
            joint_position_rad=self._of_joints("position", joints),
            joint_velocity_rad_s=self._of_joints("velocity", joints),
            joint_effort_nm=self._efforts(joints),
            tcp_position_m=_numbers("current_pose's position", [point.x, point.y, point.z]),
            tcp_quaternion_xyzw=quaternion / length,
            tcp_twist=_numbers("current_twist", speeds),
            gripper_width_m=self._gripper_width_m(),
        )

    def _of_joints(self, field: str, joints: Any) -> Floats64:
        names, values = list(joints.name), list(getattr(joints, field))
        missing = [name for name in self._joints if name not in names or names.index(name) >= len(values)]
        if missing:
            raise DeviceError(
                f"{self._name(self._settings.joint_states)}: expected the {field} of {', '.join(missing)}, got "
                f"{len(values)} of {', '.join(names)}; see robot.crisp.joint_prefix"
            )
        return _numbers(f"joint_states' {field}", [values[names.index(name)] for name in self._joints])

    def _efforts(self, joints: Any) -> Floats64:
        return self._of_joints("effort", joints) if len(joints.effort) else np.full(7, np.nan)

    def _gripper_width_m(self) -> float:
        if self._command is None:
            return 0.0
        positions = _numbers("the gripper's joint_states", list(self._newest["gripper"][0].position)[:1])
        if positions.size != 1:
            raise DeviceError("the gripper's joint_states: expected a position, got none")
        return min(max(float(positions[0]), 0.0), 1.0) * self._settings.gripper_stroke_m


def _numbers(what: str, values: Sequence[float]) -> NDArray[np.float64]:
    numbers = np.array(values, dtype=np.float64)
    if not np.isfinite(numbers).all():
        raise DeviceError(f"{what}: expected finite numbers, got {numbers}")
    return numbers
