"""Teleoperation: what a person steers with, and the scripted expert of the simulator."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from irevla.config.section import LIVE, Section
from irevla.config.teleop.devices import GamepadSettings, SpaceMouseSettings


class TeleopSettings(Section):
    """The hand on keys, sticks and caps, and the expert's steadiness."""

    keyboard: Literal["auto", "off"] = Field("auto", description="auto reads the terminal the node was started in")
    hold_key_s: float = Field(
        0.3,
        gt=0,
        le=1,
        description="a key counts as held for so long after its last repeat, any other device after its last word [s]",
    )
    key_speed: float = Field(
        0.5,
        gt=0,
        le=1,
        description="motion of a held key, in a terminal or a window, action units",
        json_schema_extra=LIVE,
    )
    expert_noise: float = Field(
        0.3,
        ge=0,
        le=2,
        description="standard deviation of the scripted expert's tremor, action units; live: from the next episode on",
        json_schema_extra=LIVE,
    )
    gamepad: GamepadSettings = Field(GamepadSettings(), description="sticks, triggers and buttons")
    spacemouse: SpaceMouseSettings = Field(SpaceMouseSettings(), description="a cap with six axes")
