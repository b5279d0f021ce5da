"""Teleop devices: which of a device's axes and buttons mean what."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from irevla.config.errors import nearest
from irevla.config.section import Section

GAMEPAD_AXES = ("left_x", "left_y", "right_x", "right_y", "left_trigger", "right_trigger")
# SDL's names, of an Xbox controller; other makes' buttons have the name of the one that is in the same place.
GAMEPAD_BUTTONS = (
    *("a", "b", "x", "y", "back", "guide", "start", "left_stick", "right_stick", "left_shoulder", "right_shoulder"),
    *("dpad_up", "dpad_down", "dpad_left", "dpad_right"),
)
SPACEMOUSE_AXES = ("x", "y", "z", "roll", "pitch", "yaw")  # x away from the person, y left, z up
SPACEMOUSE_BUTTONS = tuple(f"button_{number}" for number in range(1, 32))
SIGNS = {"+": 1.0, "-": -1.0}


def terms(text: str) -> list[tuple[float, str]]:
    """Return the signs and names of a sum such as ``+right_trigger -left_trigger``; no sign means plus."""
    return [(SIGNS.get(word[0], 1.0), word.lstrip("+-")) for word in text.split()]


Term = Annotated[str, Field(description="a sum of the device's axes and buttons, each with its sign; empty: nothing")]
Success = Annotated[str, Field(description="button: the episode succeeded; ends it if it still runs")]
Failure = Annotated[str, Field(description="button: the episode failed; ends it if it still runs")]
Discard = Annotated[str, Field(description="button: throw the episode away and do it again")]
Undo = Annotated[str, Field(description="button: take the last label back")]
Start = Annotated[str, Field(description="button: start the next episode, or: the objects stand as they should")]
Stop = Annotated[str, Field(description="button: end the row; what awaits its label keeps waiting")]
Done = Annotated[str, Field(description="button: end the episode; its label follows")]
Hold = Annotated[str, Field(min_length=1, description="button: hold the arm at once, whatever happens")]


class GamepadAxes(Section):
    """Left stick: along the table; triggers: down and up; right stick and shoulders: turns."""

    dx: Term = "-left_y"
    dy: Term = "-left_x"
    dz: Term = "+right_trigger -left_trigger"
    rx: Term = "+left_shoulder -right_shoulder"
    ry: Term = "-right_y"
    rz: Term = "-right_x"


class SpaceMouseAxes(Section):
    """The tool moves as the cap does."""

    dx: Term = "+x"
    dy: Term = "+y"
    dz: Term = "+z"
    rx: Term = "+roll"
    ry: Term = "+pitch"
    rz: Term = "+yaw"


class GamepadButtons(Section):
    """Labels on the cross, where no thumb rests; hold on B, beside the thumb that rests on A or the right stick."""

    success: Success = "dpad_up"
    failure: Failure = "dpad_down"
    discard: Discard = "dpad_left"
    undo: Undo = "dpad_right"
    start: Start = "start"
    stop: Stop = "back"
    done: Done = "y"
    hold: Hold = "b"


class SpaceMouseButtons(Section):
    """Most have two buttons: the gripper and hold; labels then come from the keyboard or the window."""

    success: Success = ""
    failure: Failure = ""
    discard: Discard = ""
    undo: Undo = ""
    start: Start = ""
    stop: Stop = ""
    done: Done = ""
    hold: Hold = "button_2"


class GamepadSettings(Section):
    """One gamepad; the first that is plugged in."""

    use: Literal["auto", "off"] = Field("auto", description="auto takes one as soon as it is plugged in")
    dead_zone: float = Field(
        0.15, ge=0, le=0.9, description="deflection that still means none; motion starts at its edge"
    )
    scale: float = Field(0.7, gt=0, le=1, description="motion at full deflection, action units")
    axes: GamepadAxes = Field(GamepadAxes(), description="what drives each component of the action")
    gripper: str = Field("a", description="button that opens and closes the gripper; empty: none")
    buttons: GamepadButtons = Field(GamepadButtons(), description="which button gives which command")

    @model_validator(mode="after")
    def _names_are_known(self) -> GamepadSettings:
        _check(self.axes, self.gripper, self.buttons, GAMEPAD_AXES, GAMEPAD_BUTTONS)
        return self


class SpaceMouseSettings(Section):
    """One 3Dconnexion device; the first that is plugged in."""

    use: Literal["auto", "off"] = Field("auto", description="auto takes one as soon as it is plugged in")
    dead_zone: float = Field(
        0.1, ge=0, le=0.9, description="deflection that still means none; motion starts at its edge"
    )
    scale: float = Field(0.7, gt=0, le=1, description="motion at full deflection, action units")
    silence_s: float = Field(
        0.5,
        gt=0,
        le=2,
        description="a deflected cap reports all the time; after so long without a report it is let go [s]",
    )
    axes: SpaceMouseAxes = Field(SpaceMouseAxes(), description="what drives each component of the action")
    gripper: str = Field("button_1", description="button that opens and closes the gripper; empty: none")
    buttons: SpaceMouseButtons = Field(SpaceMouseButtons(), description="which button gives which command")

    @model_validator(mode="after")
    def _names_are_known(self) -> SpaceMouseSettings:
        _check(self.axes, self.gripper, self.buttons, SPACEMOUSE_AXES, SPACEMOUSE_BUTTONS)
        return self


AxesSection = GamepadAxes | SpaceMouseAxes
ButtonsSection = GamepadButtons | SpaceMouseButtons


def _check(
    axes: AxesSection,
    gripper: str,
    buttons: ButtonsSection,
    known_axes: tuple[str, ...],
    known_buttons: tuple[str, ...],
) -> None:
    """Raise ValueError for a name that the device does not have, and for a button that means two things."""
    if not buttons.hold.split():
        raise ValueError("buttons.hold: expected at least one button, got none")
    meanings: dict[str, str] = {}
    for component, text in axes:
        for _, name in terms(text):
            _require(f"axes.{component}", name, (*known_axes, *known_buttons))
            if name in known_buttons:
                meanings.setdefault(name, f"axes.{component}")
    for place, text in (("gripper", gripper), *((f"buttons.{command}", text) for command, text in buttons)):
        for name in text.split():
            _require(place, name, known_buttons)
            if name in meanings:
                raise ValueError(f"button {name!r} is both {meanings[name]} and {place}; it can mean one thing only")
            meanings[name] = place


def _require(place: str, name: str, known: tuple[str, ...]) -> None:
    if name not in known:
        raise ValueError(
            f"{place}: unknown axis or button {name!r}{nearest(name, known)}; available: {', '.join(known)}"
        )
