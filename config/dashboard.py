"""The operator's window: keys, looks, and when it calls something old or ready."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from irevla.config.section import Section


class KeySettings(Section):
    """One key each, by Qt's names (https://doc.qt.io/qt-6/qt.html#Key-enum, without "Key_").

    Motion in teleop has the letters w s a d r f u o i k j l and the space bar; a command that had one of them would
    label an episode when somebody steers. A foot pedal is a keyboard: set it, or this, to the same key.
    """

    hold: str = Field("Escape", description="stop the arm at once, in any state")
    go: str = Field("Return", description="start the next episode; in a guided reset: the objects stand as they should")
    stop: str = Field("Backspace", description="end the running episode")
    success: str = Field("1", description="label the episode a success")
    failure: str = Field("2", description="label it a failure")
    discard: str = Field("3", description="throw it away")
    undo: str = Field("0", description="take the last label back")

    @model_validator(mode="after")
    def _one_meaning_a_key(self) -> KeySettings:
        keys = [str(key).lower() for key in self.model_dump().values()]
        doubled = sorted({key for key in keys if keys.count(key) > 1})
        if doubled:
            raise ValueError(f"expected another key for each command, got {', '.join(doubled)} more than once")
        steering = sorted(set(keys) & {*"wsadrfuoikjl", "space"})
        if steering:
            raise ValueError(
                f"{', '.join(steering)}: expected keys that do not steer the arm (w s a d r f u o i k j l space)"
            )
        return self


class DashboardSettings(Section):
    """The window."""

    theme: Literal["dark", "light"] = Field("dark", description="colours")
    text_scale: float = Field(
        1.0, ge=0.6, le=3.0, description="size of all text; grows with a screen above 1080 lines too"
    )
    sound: bool = Field(True, description="a tone confirms each label, a low one each refusal and hold")
    next_by_itself: bool = Field(False, description="start the next reset as soon as an episode is labelled")
    demo_target: int = Field(20, ge=1, le=1000, description="successful demonstrations wanted of a task")
    stale_picture_s: float = Field(0.5, gt=0, le=10, description="a picture older than this turns grey [s]")
    # Heartbeats come at 5 Hz: with 0.8 s a death is told within a second.
    silent_node_s: float = Field(0.8, gt=0, le=10, description="a node unheard for this long is called silent [s]")
    success_window: int = Field(20, ge=1, le=1000, description="episodes that the success rate is taken over")
    ready_successes: int = Field(40, ge=1, description="stage 2: at least so many new successes of the task (D_RL)")
    ready_rate: float = Field(0.6, gt=0, le=1, description="stage 2: least lower end of the rate's Wilson interval")
    ready_q_error: float = Field(0.3, gt=0, le=1, description="stage 2: largest distance of mean Q from the rate")
    keys: KeySettings = Field(KeySettings(), description="one key for each command")
