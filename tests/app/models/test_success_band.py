"""Wilson's interval against numbers worked out by hand and against its definition."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irevla.app.models.success_band import Z_95, in_words, wilson


def test_interval_of_eight_in_ten_is_wilsons() -> None:
    # z = 1.96: centre (0.8 + 0.19207) / 1.38415 = 0.71674; half 1.41602 * sqrt(0.016 + 0.0096036) = 0.22658
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_bounds_solve_the_score_equation(counts: tuple[int, int]) -> None:
    successes, episodes = counts
    rate = successes / episodes
    low, high = wilson(successes, episodes)
    assert 0.0 <= low <= rate + 1e-12 and rate - 1e-12 <= high <= 1.0
    for bound in (low, high):
        if 1e-9 < bound < 1 - 1e-9:
            assert abs(rate - bound) == pytest.approx(Z_95 * math.sqrt(bound * (1 - bound) / episodes), abs=1e-9)


def test_no_episode_is_no_knowledge() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert in_words(0, 0) == "no episode"


def test_words_have_count_and_interval() -> None:
    assert in_words(8, 10) == "8/10 (95 %: 0.49 to 0.94)"
