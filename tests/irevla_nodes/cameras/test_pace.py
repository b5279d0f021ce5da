"""How fast pictures come, by a clock of the test."""

import math

import pytest

from irevla_nodes.cameras.pace import Pace


def test_before_the_first_picture_there_is_no_rate_and_no_age() -> None:
    pace = Pace(100.0)
    assert pace.rate_hz(101.0) == 0.0
    assert math.isinf(pace.age_s(101.0))


def test_ten_a_second_are_ten_hertz_from_the_first_second_on() -> None:
    pace = Pace(0.0)
    for index in range(1, 101):
        pace.note(index / 10)
        if index == 10:
            assert pace.rate_hz(1.0) == pytest.approx(10.0)
    assert pace.rate_hz(10.0) == pytest.approx(10.0, rel=0.03)
    assert pace.age_s(10.5) == pytest.approx(0.5)


def test_a_camera_that_stops_falls_to_nothing() -> None:
    pace = Pace(0.0)
    for index in range(50):
        pace.note(index / 10)
    assert pace.rate_hz(7.0) == pytest.approx(6.0)  # thirty of its fifty in the last five seconds
    assert pace.rate_hz(20.0) == 0.0
