"""A real arm: how it is reached, how it goes home, and how old its measurements may be."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from irevla.config.section import Section


class HardwareSettings(Section):
    """What every real arm needs, whoever drives its joints."""

    stale_s: float = Field(0.3, gt=0, le=2, description="a measurement older than this is an error [s]")
    stream_hz: float = Field(50.0, gt=0, le=200, description="set points between two policy targets [Hz]")
    home_position_m: tuple[float, float, float] = Field(
        (0.45, 0.0, 0.25), description="where the tool stands after a reset, base frame [m]"
    )
    home_quaternion_xyzw: tuple[float, float, float, float] = Field(
        (1.0, 0.0, 0.0, 0.0), description="its orientation, unit x y z w; (1, 0, 0, 0) points straight down"
    )
    homing_speed_m_s: float = Field(0.1, gt=0, le=0.25, description="speed of the tool on its way home [m/s]")
    homing_speed_rad_s: float = Field(0.4, gt=0, le=1, description="turning speed of the tool on its way home [rad/s]")
    homing_timeout_s: float = Field(
        15.0, gt=0, le=120, description="longest way home; shorter than session.reset_timeout_s [s]"
    )
    home_tolerance_m: float = Field(0.02, gt=0, le=0.05, description="this near to home is at home [m]")
    home_tolerance_rad: float = Field(0.1, gt=0, le=0.3, description="the same for the orientation [rad]")
    gripper_rest_s: float = Field(
        0.8, ge=0, le=5, description="between two orders to the gripper, whose motions cannot be broken off [s]"
    )


class SerlSettings(Section):
    """SERL's franka_server (serl_robot_infra), over HTTP."""

    url: str = Field("http://127.0.0.1:5000", description="address of the server; plain http")
    timeout_s: float = Field(0.25, gt=0, le=2, description="longest wait for one answer [s]")
    poll_hz: float = Field(50.0, gt=0, le=200, description="measurements asked for per second [Hz]")
    gripper_stroke_m: float = Field(
        0.08, gt=0, le=0.15, description="width of the open gripper: Franka Hand 0.08, Robotiq 2F-85 0.085 [m]"
    )


class CrispSettings(Section):
    """CRISP's CartesianController on franka_ros2 (FR3) or multipanda_ros2 (Panda); names are relative to namespace."""

    namespace: str = Field("", description="of the controllers, e.g. right; empty: the graph's own")
    base_frame: str = Field("base", description="header of CRISP's poses: base (FR3), panda_link0 (Panda)")
    joint_prefix: str = Field("fr3_joint", description="joints are called <prefix>1 to 7: fr3_joint, panda_joint")
    target_pose: str = Field("target_pose", description="PoseStamped, the controller's set point")
    current_pose: str = Field("current_pose", description="PoseStamped, the measured tool")
    current_twist: str = Field("current_twist", description="TwistStamped, the measured tool")
    joint_states: str = Field("joint_states", description="JointState with the seven joints, in any order")
    gripper: Literal["franka", "none"] = Field("franka", description="none: the tool has nothing to close")
    gripper_command: str = Field(
        "gripper/gripper_position_controller/commands", description="Float64MultiArray, one number, 0 closed to 1 open"
    )
    gripper_state: str = Field("gripper/joint_states", description="JointState, position 0 closed to 1 open")
    gripper_stroke_m: float = Field(0.08, gt=0, le=0.15, description="width of the open gripper [m]")
