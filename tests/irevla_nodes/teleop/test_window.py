"""A window's keys: scaled, and let go in silence."""

import math

from hypothesis import given
from hypothesis import strategies as st

from irevla.config.teleop.settings import TeleopSettings
from irevla_nodes.teleop.reading import NO_MOTION
from irevla_nodes.teleop.window import Window

ADA, BOB = "ada", "bob"
SETTINGS = TeleopSettings(hold_key_s=0.3, key_speed=0.5)


def test_a_window_that_was_never_heard_holds_nothing() -> None:
    assert Window(SETTINGS).reading(0.0) is None


def test_what_the_window_holds_is_scaled_and_lasts_until_its_silence() -> None:
    window = Window(SETTINGS)
    window.hear(ADA, (1.0, 0, 0, 0, 0, -0.5), True, 3, 1.0)
    reading = window.reading(1.29)
    assert reading is not None
    assert (reading.axes, reading.is_held) == ((0.5, 0, 0, 0, 0, -0.25), True)
    assert window.reading(1.31) is None


def test_motion_is_a_take_over_even_where_the_window_forgot_to_say_so() -> None:
    window = Window(SETTINGS)
    window.hear(ADA, (1.0, 0, 0, 0, 0, 0), False, 0, 1.0)
    reading = window.reading(1.0)
    assert reading is not None and reading.is_held


def presses(window: Window, now_s: float) -> int:
    reading = window.reading(now_s)
    assert reading is not None
    return reading.gripper_presses


def test_a_press_counts_from_what_the_same_window_said_before() -> None:
    window = Window(SETTINGS)
    window.hear(ADA, NO_MOTION, False, 7, 1.0)
    assert presses(window, 1.0) == 0
    window.hear(ADA, NO_MOTION, True, 8, 1.1)
    assert presses(window, 1.1) == 1


def test_two_windows_with_different_counts_do_not_make_the_gripper_flap() -> None:
    window = Window(SETTINGS)
    for tenth in range(20):
        window.hear(ADA, NO_MOTION, False, 7, 0.1 * tenth)
        window.hear(BOB, NO_MOTION, False, 2, 0.1 * tenth)
    assert presses(window, 2.0) == 0


def test_an_idle_window_does_not_stop_the_one_that_steers() -> None:
    window = Window(SETTINGS)
    window.hear(ADA, (1.0, 0, 0, 0, 0, 0), True, 0, 1.0)
    window.hear(BOB, NO_MOTION, False, 0, 1.1)
    reading = window.reading(1.1)
    assert reading is not None and reading.axes[0] == 0.5


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=6, max_size=6))
def test_whatever_a_window_says_stays_within_its_scale(axes: list[float]) -> None:
    window = Window(SETTINGS)
    window.hear(ADA, axes, True, 0, 1.0)
    reading = window.reading(1.0)
    assert reading is not None
    assert all(abs(value) <= 0.5 for value in reading.axes)
    if not all(map(math.isfinite, axes)):
        assert reading.axes == NO_MOTION
