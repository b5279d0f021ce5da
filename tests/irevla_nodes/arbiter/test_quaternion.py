"""Quaternions: hand-computed turns, and inverse operations that undo each other."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from irevla_nodes.arbiter import quaternion as quaternions

ROOT_HALF = math.sqrt(0.5)
small = st.tuples(*[st.floats(-1.7, 1.7)] * 3)


def test_a_quarter_turn_about_z() -> None:
    assert quaternions.from_rotation_vector((0, 0, math.pi / 2)) == pytest.approx((0, 0, ROOT_HALF, ROOT_HALF))


def test_two_quarter_turns_make_a_half_turn() -> None:
    quarter = quaternions.from_rotation_vector((math.pi / 2, 0, 0))
    assert quaternions.multiply(quarter, quarter) == pytest.approx((1, 0, 0, 0), abs=1e-12)


def test_straight_down_has_neither_tilt_nor_yaw() -> None:
    assert quaternions.tilt_and_yaw_rad(quaternions.DOWN) == (0.0, 0.0)


def test_tilt_then_yaw_are_read_back() -> None:
    tilt = quaternions.from_rotation_vector((0.3, 0.4, 0))  # 0.5 rad about a horizontal axis
    assert quaternions.tilt_and_yaw_rad(quaternions.join(tilt, -1.2)) == pytest.approx((0.5, -1.2))


@given(small)
def test_a_rotation_vector_survives_the_round_trip(vector: tuple[float, float, float]) -> None:
    assume(math.hypot(*vector) < math.pi - 1e-3)
    assert quaternions.to_rotation_vector(quaternions.from_rotation_vector(vector)) == pytest.approx(vector, abs=1e-9)


@given(small)
def test_split_and_join_are_inverse(vector: tuple[float, float, float]) -> None:
    q = quaternions.from_rotation_vector(vector)
    tilt, yaw = quaternions.split(q)
    assert quaternions.angle_between_rad(q, quaternions.join(tilt, yaw)) < 1e-7
    assert abs(tilt[2]) < 1e-9  # a tilt turns about a horizontal axis


@given(small, st.floats(0, 1))
def test_between_goes_the_given_part_of_the_way(vector: tuple[float, float, float], part: float) -> None:
    goal = quaternions.from_rotation_vector(vector)
    turned = quaternions.between(quaternions.IDENTITY, goal, part)
    whole = quaternions.angle_between_rad(quaternions.IDENTITY, goal)
    assert quaternions.angle_between_rad(quaternions.IDENTITY, turned) == pytest.approx(part * whole, abs=1e-7)
