"""Wilson's interval against numbers worked out by hand and against its definition."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irevla.training.success_rate import Z_95, SuccessRate


def test_interval_of_eight_in_ten_is_wilsons() -> None:
    # z = 1.96: centre (0.8 + 0.19207) / 1.38415 = 0.71674; half 1.41602 * sqrt(0.016 + 0.0096036) = 0.22658
    low, high = SuccessRate(8, 10).interval
    assert low == pytest.approx(0.4902, abs=1e-4)
    assert high == pytest.approx(0.9433, abs=1e-4)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_bounds_solve_the_score_equation(counts: tuple[int, int]) -> None:
    rate = SuccessRate(*counts)
    low, high = rate.interval
    assert 0.0 <= low <= rate.rate + 1e-12
    assert rate.rate - 1e-12 <= high <= 1.0
    for bound in (low, high):
        if 1e-9 < bound < 1 - 1e-9:
            error = abs(rate.rate - bound)
            assert error == pytest.approx(Z_95 * math.sqrt(bound * (1 - bound) / rate.n), abs=1e-9)


def test_no_episode_is_no_knowledge() -> None:
    assert SuccessRate(0, 0).interval == (0.0, 1.0)
    assert math.isnan(SuccessRate(0, 0).rate)


def test_more_successes_than_episodes_is_refused() -> None:
    with pytest.raises(ValueError, match="got 3 of 2"):
        SuccessRate(3, 2)
