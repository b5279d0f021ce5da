"""What the arbiter allows: workspace, orientation, step, speed, and how long silence may last."""

from __future__ import annotations

from pydantic import Field, model_validator

from irevla.config.section import Section

Corner = tuple[float, float, float]


class LimitsSettings(Section):
    """The envelope every command is inside of, whatever is proposed."""

    workspace_min_m: Corner = Field((0.25, -0.35, 0.01), description="lower corner of the tool's box, base frame [m]")
    workspace_max_m: Corner = Field((0.75, 0.35, 0.55), description="upper corner of the tool's box, base frame [m]")
    cone_rad: float = Field(0.6, gt=0, le=1.5, description="largest tilt of the tool from straight down [rad]")
    yaw_rad: float = Field(1.6, gt=0, le=3.1, description="largest turn of the tool about its own axis [rad]")
    step_m: float = Field(0.06, gt=0, le=0.2, description="largest target distance from where the arm stands [m]")
    step_rad: float = Field(0.35, gt=0, le=1.0, description="largest target rotation from where the arm stands [rad]")
    speed_m_s: float = Field(0.7, gt=0, le=1.7, description="largest speed of the target [m/s]")
    speed_rad_s: float = Field(2.5, gt=0, le=2.6, description="largest turning speed of the target [rad/s]")
    stale_s: float = Field(0.5, gt=0, le=5, description="oldest state, image or proposal that may move the arm [s]")
    heartbeat_timeout_s: float = Field(
        2.0, gt=0, le=10, description="a watched node silent for longer stops the arm [s]"
    )

    @model_validator(mode="after")
    def _box_is_not_empty(self) -> LimitsSettings:
        if any(low >= high for low, high in zip(self.workspace_min_m, self.workspace_max_m, strict=True)):
            raise ValueError(
                f"workspace_min_m {self.workspace_min_m} must be below workspace_max_m {self.workspace_max_m}"
            )
        return self
