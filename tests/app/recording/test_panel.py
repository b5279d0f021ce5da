"""What the terminal shows, and what its keys mean."""

import io

from rich.console import Console

from irevla.app.recording.demonstrations import SessionNow
from irevla.app.recording.panel import ENTER, KEYS, command_of, key_line, panel
from irevla.app.recording.recorder import Recorder, Request
from irevla.config.teleop.motion_keys import GRIPPER_KEY, MOTION_KEYS


class NoDesk:
    """Takes nothing."""

    def ask(self, request: Request) -> None:
        raise AssertionError(request)


def test_no_command_key_moves_the_arm() -> None:
    assert not set(KEYS) & {*MOTION_KEYS, GRIPPER_KEY}


def test_enter_goes_on_and_labels_where_there_is_something_to_label() -> None:
    assert command_of(ENTER, SessionNow("running")) == "success"
    assert command_of(ENTER, SessionNow("awaiting label")) == "success"
    assert command_of(ENTER, SessionNow("ready")) == "start"
    assert command_of("X", SessionNow("running")) == "failure"
    assert command_of("w", SessionNow("running")) is None


def test_the_keys_that_mean_something_now_are_told() -> None:
    assert key_line(SessionNow("saved")).startswith("Enter: start the next episode   b: take the last label back")
    assert "Enter: it succeeded   x: it failed   z: throw it away" in key_line(SessionNow("running"))


def test_the_panel_counts_and_says_who_steers() -> None:
    recorder = Recorder("open_drawer", 3, NoDesk(), 0.0)
    recorder.hear(SessionNow("awaiting label", "two", "open_drawer", "teleop"), 0.0)
    recorder.closed("one", "open_drawer", "success")
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(panel(recorder, "gamepad", "the gamepad was unplugged"))
    text = console.export_text()
    assert "1 of 3 demonstrations of open_drawer   (1 success, 0 failure, 0 discard)" in text
    assert "steering: gamepad" in text and "the gamepad was unplugged" in text
