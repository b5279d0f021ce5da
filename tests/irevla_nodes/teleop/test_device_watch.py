"""A device that comes and goes: found, at rest first, gone without an exception."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irevla.config.errors import DeviceError
from irevla.config.teleop.devices import GAMEPAD_AXES, GAMEPAD_BUTTONS, GamepadSettings
from irevla_nodes.teleop.device import Controls
from irevla_nodes.teleop.device_watch import DeviceWatch
from irevla_nodes.teleop.reading import NO_MOTION, Reading

SETTINGS = GamepadSettings(dead_zone=0.2, scale=0.5)


class FakePad:
    """A gamepad in a test's hands."""

    name = "Fake Pad"

    def __init__(self) -> None:
        self.axes: dict[str, float] = {}
        self.pressed: set[str] = set()
        self.is_plugged = True
        self.closed = 0

    def controls(self, now_s: float) -> Controls:
        if not self.is_plugged:
            raise DeviceError("gone")
        return Controls(dict(self.axes), frozenset(self.pressed))

    def close(self) -> None:
        self.closed += 1


class Port:
    """Where a gamepad may be plugged in, and the watch over it."""

    def __init__(self) -> None:
        self.pad: FakePad | None = None
        self.looks = 0
        self.trouble = ""
        self.commands: list[tuple[str, str]] = []
        self.watch = DeviceWatch("gamepad", SETTINGS, self._open, self._command, stale_s=0.3)

    def plug(self, now_s: float) -> FakePad:
        """Plug one in, and let it be found at rest."""
        self.pad = FakePad()
        self.watch.poll(now_s)
        return self.pad

    def reading(self, now_s: float) -> Reading:
        self.watch.poll(now_s)
        reading = self.watch.reading(now_s)
        assert reading is not None
        return reading

    def _open(self) -> FakePad | None:
        self.looks += 1
        if self.trouble:
            raise DeviceError(self.trouble)
        return self.pad if self.pad is not None and self.pad.is_plugged else None

    def _command(self, device: str, command: str) -> None:
        self.commands.append((device, command))


@pytest.fixture
def port() -> Port:
    return Port()


def test_it_looks_once_a_second_until_a_device_is_there(port: Port) -> None:
    for tenth in range(20):
        assert not port.watch.poll(0.1 * tenth)
    assert port.looks == 2
    assert (port.watch.name, port.watch.reading(2.0), port.watch.detail) == ("", None, "")
    port.plug(3.0)
    assert port.watch.name == "gamepad: Fake Pad"


def test_the_sticks_move_the_arm_as_the_map_says(port: Port) -> None:
    pad = port.plug(0.0)
    pad.axes = {"left_y": -0.6, "right_trigger": 1.0}
    assert port.reading(0.1).axes == pytest.approx((0.25, 0, 0.5, 0, 0, 0))
    pad.axes, pad.pressed = {"left_trigger": 1.0}, {"right_shoulder"}
    assert port.reading(0.2).axes == (0, 0, -0.5, -0.5, 0, 0)


def test_a_stick_that_leans_when_it_is_plugged_in_moves_nothing_until_it_was_let_go(port: Port) -> None:
    port.pad = FakePad()
    port.pad.axes = {"left_y": -1.0}
    assert port.reading(0.0) == Reading()
    assert port.watch.detail == "the gamepad is deflected: let go of it once"
    port.pad.axes = {}
    assert port.reading(0.1) == Reading()
    assert port.watch.detail == ""
    port.pad.axes = {"left_y": -1.0}
    assert port.reading(0.2).axes[0] == 0.5


def test_unplugged_while_it_steers_means_no_motion_at_once_and_plain_words(port: Port) -> None:
    pad = port.plug(0.0)
    pad.axes = {"left_y": -1.0}
    assert port.reading(0.1).is_held
    pad.is_plugged = False
    assert not port.watch.poll(0.12)
    assert port.watch.reading(0.12) is None
    assert (port.watch.name, pad.closed) == ("", 1)
    assert port.watch.detail == (
        "the gamepad was unplugged: the arm stands still; plug it in again or go on with another device"
    )


def test_plugged_in_again_it_steers_again_and_the_words_are_gone(port: Port) -> None:
    port.plug(0.0).is_plugged = False
    port.watch.poll(0.1)
    pad = port.plug(2.0)
    pad.axes = {"left_y": -1.0}
    assert port.reading(2.1).axes[0] == 0.5
    assert port.watch.detail == ""


def test_a_reading_that_nobody_renews_is_let_go(port: Port) -> None:
    port.plug(0.0).axes = {"left_y": -1.0}
    assert port.reading(0.1).is_held
    assert port.watch.reading(0.39) is not None
    assert port.watch.reading(0.41) is None


def test_why_no_device_can_be_used_is_a_detail_and_no_exception(port: Port) -> None:
    port.trouble = "the HID library does not load"
    assert not port.watch.poll(0.0)
    assert port.watch.detail == "the HID library does not load"


def test_a_button_gives_its_command_once_a_press(port: Port) -> None:
    pad = port.plug(0.0)
    for tenth, pressed in enumerate(({"b"}, {"b"}, set(), {"b", "dpad_up", "guide"}), 1):
        pad.pressed = pressed
        port.watch.poll(0.1 * tenth)
    held = ("gamepad: Fake Pad", "hold")
    assert port.commands == [held, held, ("gamepad: Fake Pad", "success")]


def test_a_button_that_is_down_when_it_is_plugged_in_was_not_pressed(port: Port) -> None:
    port.pad = FakePad()
    port.pad.pressed = {"a", "b"}
    assert port.reading(0.0).gripper_presses == 0
    assert port.commands == []


def test_the_grippers_button_counts_once_a_press_and_is_held_while_it_is_down(port: Port) -> None:
    pad = port.plug(0.0)
    pad.pressed = {"a"}
    assert [port.reading(moment).gripper_presses for moment in (0.1, 0.2)] == [1, 1]
    assert port.reading(0.3).is_held
    pad.pressed = set()
    assert not port.reading(0.4).is_held


@given(
    st.lists(
        st.tuples(
            st.dictionaries(st.sampled_from(GAMEPAD_AXES), st.floats(allow_nan=True, allow_infinity=True)),
            st.sets(st.sampled_from(GAMEPAD_BUTTONS)),
        ),
        max_size=10,
    )
)
def test_whatever_the_device_shows_the_motion_is_finite_and_limited(
    shown: list[tuple[dict[str, float], set[str]]],
) -> None:
    port = Port()
    pad = port.plug(0.0)
    for number, (pad.axes, pad.pressed) in enumerate(shown, 1):
        axes = port.reading(0.1 * number).axes
        assert all(math.isfinite(value) and abs(value) <= 1 for value in axes)
        if not pad.pressed and not any(pad.axes.values()):
            assert axes == NO_MOTION
