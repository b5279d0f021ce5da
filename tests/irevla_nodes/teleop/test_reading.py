"""From deflections to motion: dead zone, scale, limits."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irevla_nodes.teleop.reading import NO_MOTION, shaped

ANYTHING = st.floats(allow_nan=True, allow_infinity=True)


@pytest.mark.parametrize(
    ("deflection", "motion"), [(0.0, 0.0), (0.2, 0.0), (-0.2, 0.0), (0.6, 0.25), (-0.6, -0.25), (1.0, 0.5), (7.0, 0.5)]
)
def test_motion_begins_at_the_edge_of_the_dead_zone_and_reaches_the_scale(deflection: float, motion: float) -> None:
    assert shaped([deflection, 0, 0, 0, 0, 0], dead_zone=0.2, scale=0.5)[0] == pytest.approx(motion)


@pytest.mark.parametrize("broken", [math.nan, math.inf, -math.inf])
def test_a_broken_axis_stops_the_whole_device(broken: float) -> None:
    assert shaped([1, 0, 0, 0, 0, broken], 0.1, 1.0) == NO_MOTION


@given(st.lists(ANYTHING, min_size=6, max_size=6), st.floats(0, 0.9), st.floats(0.001, 1))
def test_whatever_comes_the_motion_is_finite_and_limited(values: list[float], dead_zone: float, scale: float) -> None:
    axes = shaped(values, dead_zone, scale)
    assert all(math.isfinite(value) and abs(value) <= 1.0 for value in axes)


@given(st.floats(0.01, 0.9), st.data())
def test_nothing_deflected_is_exactly_no_motion(dead_zone: float, data: st.DataObject) -> None:
    at_rest = data.draw(st.lists(st.floats(-dead_zone, dead_zone), min_size=6, max_size=6))
    assert shaped(at_rest, dead_zone, 1.0) == NO_MOTION
