"""A window's keys: scaled, and let go in silence."""

import math

from hypothesis import given
from hypothesis import strategies as st

from irevla.config.teleop import TeleopSettings
from irevla_nodes.teleop.reading import NO_MOTION
from irevla_nodes.teleop.window import Window

SETTINGS = TeleopSettings(hold_key_s=0.3, key_speed=0.5)


def test_a_window_that_was_never_heard_holds_nothing() -> None:
    assert Window(SETTINGS).reading(0.0) is None


def test_what_the_window_holds_is_scaled_and_lasts_until_its_silence() -> None:
    window = Window(SETTINGS)
    window.hear((1.0, 0, 0, 0, 0, -0.5), True, 3, 1.0)
    reading = window.reading(1.29)
    assert reading is not None
    assert (reading.axes, reading.is_held, reading.gripper_presses) == ((0.5, 0, 0, 0, 0, -0.25), True, 3)
    assert window.reading(1.31) is None


def test_motion_is_a_take_over_even_where_the_window_forgot_to_say_so() -> None:
    window = Window(SETTINGS)
    window.hear((1.0, 0, 0, 0, 0, 0), False, 0, 1.0)
    reading = window.reading(1.0)
    assert reading is not None and reading.is_held


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=6, max_size=6))
def test_whatever_a_window_says_stays_within_its_scale(axes: list[float]) -> None:
    window = Window(SETTINGS)
    window.hear(axes, True, 0, 1.0)
    reading = window.reading(1.0)
    assert reading is not None
    assert all(abs(value) <= 0.5 for value in reading.axes)
    if not all(map(math.isfinite, axes)):
        assert reading.axes == NO_MOTION
