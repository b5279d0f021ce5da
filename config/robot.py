"""The arm: backend, rates, home pose and how an action in [-1, 1]^7 maps to metres and radians."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from irevla.config.hardware import CrispSettings, HardwareSettings, SerlSettings
from irevla.config.section import Section

SIMULATED = ("mujoco",)


class RobotSettings(Section):
    """The arm and its Cartesian impedance controller."""

    backend: Literal["mujoco", "serl", "crisp"] = Field(
        "mujoco", description="mujoco, SERL's franka_server (serl), or CRISP's controllers on ros2_control (crisp)"
    )
    base_frame: str = Field("panda_link0", min_length=1, description="frame of every pose (REP 103)")
    tool_frame: str = Field("panda_hand_tcp", min_length=1, description="the tool's frame on /tf, child of base_frame")
    policy_hz: float = Field(10.0, gt=0, le=50, description="policy steps per second [Hz]")
    control_hz: float = Field(500.0, ge=500, le=2000, description="torque steps per second [Hz]")
    translation_scale_m: float = Field(0.04, gt=0, le=0.1, description="tool motion of one step at |action| = 1 [m]")
    rotation_scale_rad: float = Field(0.2, gt=0, le=0.5, description="tool rotation of one step at |action| = 1 [rad]")
    home_rad: tuple[float, float, float, float, float, float, float] = Field(
        (0.0, -0.184833, 0.0, -2.496740, 0.0, 2.311907, 0.785398),
        description="joint angles after a reset; the tool at (0.45, 0, 0.25) m, straight down [rad]",
    )
    stiffness_n_m: float = Field(2000.0, gt=0, le=3000, description="translational stiffness [N/m] (SERL: 2000)")
    damping_n_s_m: float = Field(89.0, gt=0, le=400, description="translational damping [N s/m] (SERL: 89)")
    stiffness_nm_rad: float = Field(150.0, gt=0, le=300, description="rotational stiffness [Nm/rad] (SERL: 150)")
    damping_nm_s_rad: float = Field(7.0, gt=0, le=30, description="rotational damping [Nm s/rad] (SERL: 7)")
    nullspace_stiffness: float = Field(10.0, ge=0, le=100, description="pull of the elbow to home [Nm/rad]")
    error_clip_m: float = Field(0.05, gt=0, le=0.1, description="largest position error the controller feels [m]")
    error_clip_rad: float = Field(0.3, gt=0, le=0.5, description="largest rotation error the controller feels [rad]")
    lockstep: bool = Field(True, description="simulation only: wait for each command instead of the clock")
    lockstep_timeout_s: float = Field(1.0, gt=0, le=30, description="say again what is waited for after this long [s]")
    picture_age_s: float = Field(
        0.15, gt=0, le=1, description="real cameras: oldest picture that may show a step, at its state's stamp [s]"
    )
    hardware: HardwareSettings = Field(HardwareSettings(), description="a real arm, whoever drives its joints")
    serl: SerlSettings = Field(SerlSettings(), description="used with backend serl")
    crisp: CrispSettings = Field(CrispSettings(), description="used with backend crisp")

    @property
    def is_simulated(self) -> bool:
        """Whether sim/state exists, judges success, and is what the cameras render."""
        return self.backend in SIMULATED

    @model_validator(mode="after")
    def _hardware_waits_for_nobody(self) -> RobotSettings:
        if self.lockstep and not self.is_simulated:
            raise ValueError(f"lockstep must be false with backend {self.backend}: a real arm waits for nobody")
        return self
