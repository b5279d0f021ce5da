"""Old points get sparse, new ones stay, memory does not grow."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from irevla.app.models.learning.series import Series


def test_a_full_series_drops_every_second_row_of_its_older_half() -> None:
    series = Series(1, capacity=8)
    for number in range(9):
        series.add((number,))
    assert series.rows()[:, 0].tolist() == [0, 2, 4, 5, 6, 7, 8]


def test_rows_are_a_copy() -> None:
    series = Series(2)
    series.add((1.0, 2.0))
    rows = series.rows()
    series.add((3.0, 4.0))
    rows[:] = 9.0
    assert series.rows().tolist() == [[1.0, 2.0], [3.0, 4.0]]


@given(st.integers(4, 40), st.integers(1, 500))
def test_however_much_comes_it_stays_in_order_within_capacity_with_the_first_and_newest(
    capacity: int, count: int
) -> None:
    series = Series(1, capacity)
    for number in range(count):
        series.add((number,))
    kept = series.rows()[:, 0]
    assert len(series) == len(kept) <= capacity
    assert np.all(np.diff(kept) > 0)
    assert (kept[0], kept[-1]) == (0, count - 1)
