"""Between the graph's messages and the values of the arm's side; opposite directions are neighbours."""

from __future__ import annotations

from typing import Any

import numpy as np
from builtin_interfaces.msg import Time
from geometry_msgs.msg import Point, Pose, Quaternion, Transform, TransformStamped, Twist, Vector3
from numpy.typing import NDArray
from std_msgs.msg import Header

from irevla_msgs.msg import Action, ArbiterStatus, EpisodeState, MotionCommand, RobotState, SimState
from irevla_nodes.arbiter.arbiter import Arbiter
from irevla_nodes.arbiter.decision import Decision, Hold
from irevla_nodes.arbiter.reports import ArmReport, EpisodeReport, Proposal
from irevla_nodes.arbiter.source import Source
from irevla_nodes.arbiter.target import Floats64, Target
from irevla_nodes.robot.order import Order
from irevla_nodes.robot.snapshot import Snapshot
from irevla_nodes.sim.arm_state import ArmState


def to_stamp(stamp_ns: int) -> Any:
    """Return nanoseconds as a ROS time."""
    return Time(sec=stamp_ns // 1_000_000_000, nanosec=stamp_ns % 1_000_000_000)


def from_stamp(stamp: Any) -> int:
    """Return a ROS time as nanoseconds."""
    return int(stamp.sec) * 1_000_000_000 + int(stamp.nanosec)


def to_robot_state(now: Snapshot, frame: str) -> Any:
    """Return the arm's part of a snapshot as a RobotState."""
    arm = now.arm
    message = RobotState(header=_header(now.stamp_ns, frame), episode_id=now.episode_id, step=now.step)
    message.joint_position_rad = arm.joint_position_rad
    message.joint_velocity_rad_s = arm.joint_velocity_rad_s
    message.joint_effort_nm = arm.joint_effort_nm
    message.tcp_pose = to_pose(arm.tcp_position_m, arm.tcp_quaternion_xyzw)
    linear, angular = arm.tcp_twist[:3].tolist(), arm.tcp_twist[3:].tolist()
    message.tcp_twist = Twist(linear=_vector(linear), angular=_vector(angular))
    message.gripper_width_m = arm.gripper_width_m
    message.mode = RobotState.MODE_REFLEX if now.error else RobotState.MODE_MOVE
    message.error = now.error
    return message


def from_robot_state(message: Any) -> ArmState:
    """Return the measured arm; ``time_s`` is the stamp."""
    position, quaternion = from_pose(message.tcp_pose)
    twist = message.tcp_twist
    return ArmState(
        time_s=from_stamp(message.header.stamp) * 1e-9,
        joint_position_rad=np.array(message.joint_position_rad, dtype=np.float64),
        joint_velocity_rad_s=np.array(message.joint_velocity_rad_s, dtype=np.float64),
        joint_effort_nm=np.array(message.joint_effort_nm, dtype=np.float64),
        tcp_position_m=position,
        tcp_quaternion_xyzw=quaternion,
        tcp_twist=np.array([getattr(part, axis) for part in (twist.linear, twist.angular) for axis in "xyz"]),
        gripper_width_m=float(message.gripper_width_m),
    )


def to_sim_state(now: Snapshot, frame: str) -> Any:
    """Return the world's part of a snapshot as a SimState."""
    message = SimState(header=_header(now.stamp_ns, frame), episode_id=now.episode_id, step=now.step)
    message.task, message.seed, message.success = now.task, now.seed, now.success
    message.qpos, message.qvel = now.qpos.tolist(), now.qvel.tolist()
    return message


def arm_report(message: Any) -> ArmReport:
    """Return what the arbiter needs of a RobotState."""
    position, quaternion = from_pose(message.tcp_pose)
    return ArmReport(
        message.episode_id, message.step, position, quaternion, float(message.gripper_width_m), message.error
    )


def episode_report(message: Any) -> EpisodeReport:
    """Return what the arbiter needs of an EpisodeState."""
    return EpisodeReport(message.episode_id, message.mode, message.state == EpisodeState.RUNNING)


def to_action(source: Source, state: Any, action: NDArray[np.float32]) -> Any:
    """Return ``action`` (7,) as a proposal of ``source`` that answers the RobotState ``state``."""
    message = Action(header=state.header, episode_id=state.episode_id, step=state.step, source=int(source))
    message.action = action.tolist()
    message.q_value = float("nan")
    return message


def proposal(message: Any) -> Proposal:
    """Return an Action as a proposal; raises ValueError for a source that is none."""
    action = np.asarray(message.action, dtype=np.float64)
    return Proposal(Source(message.source), message.episode_id, message.step, action)


def to_command(decision: Decision, stamp: Any, frame: str) -> Any:
    """Return a decision as a MotionCommand; a hold's target is where the arm stands."""
    message = MotionCommand(header=Header(stamp=stamp, frame_id=frame), episode_id=decision.episode_id)
    if isinstance(decision, Hold):
        message.hold = True
        message.source = int(Source.HOLD)
        if decision.arm is not None:
            message.step = decision.arm.step
            message.target = to_pose(decision.arm.tcp_position_m, decision.arm.tcp_quaternion_xyzw)
            message.gripper_width_m = decision.arm.gripper_width_m
        return message
    command = decision.command
    message.step, message.source, message.limited = decision.step, int(decision.source), command.limited
    message.target = to_pose(command.target.position_m, command.target.quaternion_xyzw)
    message.gripper_width_m = command.target.gripper_width_m
    message.action = command.action
    return message


def from_command(message: Any) -> Order:
    """Return a MotionCommand as the order to the arm."""
    position, quaternion = from_pose(message.target)
    target = Target(position, quaternion, message.gripper_width_m)
    return Order(message.episode_id, message.step, target, bool(message.hold))


def to_status(arbiter: Arbiter, stamp: Any, frame: str) -> Any:
    """Return the arbiter's state of mind as an ArbiterStatus."""
    source, limited = arbiter.last
    message = ArbiterStatus(header=Header(stamp=stamp, frame_id=frame), source=int(source), limited=limited)
    message.hold, message.reason, message.blamed = bool(arbiter.reason), arbiter.reason, int(arbiter.blamed)
    message.episode_id = arbiter.episode.episode_id
    message.margin_m = np.array(arbiter.margin_m(), dtype=np.float32)
    return message


def to_pose(position_m: Floats64, quaternion_xyzw: Floats64) -> Any:
    """Return a position (3,) and a quaternion (4,) as a Pose."""
    px, py, pz = position_m.tolist()
    x, y, z, w = quaternion_xyzw.tolist()
    return Pose(position=Point(x=px, y=py, z=pz), orientation=Quaternion(x=x, y=y, z=z, w=w))


def to_transform(stamp_ns: int, parent: str, child: str, position_m: Floats64, quaternion_xyzw: Floats64) -> Any:
    """Return parent_T_child, origin (3,) and orientation (4,), as tf2 has it on /tf."""
    x, y, z, w = quaternion_xyzw.tolist()
    transform = Transform(translation=_vector(position_m.tolist()), rotation=Quaternion(x=x, y=y, z=z, w=w))
    return TransformStamped(header=_header(stamp_ns, parent), child_frame_id=child, transform=transform)


def from_pose(pose: Any) -> tuple[Floats64, Floats64]:
    """Return a Pose as position (3,) and quaternion (4,)."""
    position, turn = pose.position, pose.orientation
    return np.array([position.x, position.y, position.z]), np.array([turn.x, turn.y, turn.z, turn.w])


def _header(stamp_ns: int, frame: str) -> Any:
    return Header(stamp=to_stamp(stamp_ns), frame_id=frame)


def _vector(numbers: list[float]) -> Any:
    x, y, z = numbers
    return Vector3(x=x, y=y, z=z)
