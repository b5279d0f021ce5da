"""Poses: moved, compared and seen from elsewhere."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from irevla.training.suites.kitchen.pose import Pose

UPRIGHT = np.array([1.0, 0.0, 0.0, 0.0])
QUARTER = np.array([0.5**0.5, 0.0, 0.0, 0.5**0.5])  # 90 degrees about z: x becomes y
numbers = st.floats(-1.5, 1.5)
vectors = st.tuples(numbers, numbers, numbers).map(np.array)


def test_a_turned_frame_turns_its_vectors() -> None:
    np.testing.assert_allclose(Pose(np.zeros(3), QUARTER).turn((1.0, 0.0, 2.0)), [0.0, 1.0, 2.0], atol=1e-12)


def test_a_pose_is_seen_from_a_frame_that_stands_elsewhere_and_is_turned() -> None:
    seen = Pose(np.array([1.0, 3.0, 0.0]), QUARTER).seen_from(Pose(np.array([1.0, 1.0, 0.0]), QUARTER))
    np.testing.assert_allclose(seen.position, [2.0, 0.0, 0.0], atol=1e-12)
    np.testing.assert_allclose(seen.quaternion, UPRIGHT, atol=1e-12)


@given(vectors, vectors, vectors)
def test_what_leads_to_a_moved_pose_is_what_moved_it(
    before: np.ndarray, translation: np.ndarray, turn: np.ndarray
) -> None:
    start = Pose(np.zeros(3), UPRIGHT).moved(before, before)
    led, turned = start.to(start.moved(translation, turn))
    np.testing.assert_allclose(led, translation, atol=1e-9)
    np.testing.assert_allclose(turned, turn, atol=1e-6)
