"""Wilson's interval against numbers worked out by hand from the formula with z = 1.96."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irevla.app.models.success_band import SuccessBand


# 14 of 20: centre (0.7 + 3.8415 / 40) / (1 + 3.8415 / 20) = 0.6678, half width 1.96 / 1.1921 * sqrt(0.21 / 20 + 0.0024)
# = 0.1868. 0 of 10: the upper end is z² / (n + z²) = 3.8415 / 13.8415. 10 of 10: its mirror image.
@pytest.mark.parametrize(
    ("successes", "episodes", "low", "high"),
    [(14, 20, 0.4810, 0.8545), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (1, 2, 0.0945, 0.9055)],
)
def test_the_interval_is_wilsons(successes: int, episodes: int, low: float, high: float) -> None:
    assert SuccessBand(successes, episodes).interval == pytest.approx((low, high), abs=1e-4)


def test_without_an_episode_nothing_is_known() -> None:
    band = SuccessBand(0, 0)
    assert math.isnan(band.rate)
    assert band.interval == (0.0, 1.0)
    assert band.words == "no labelled episode yet"


def test_the_words_name_count_rate_and_interval() -> None:
    assert SuccessBand(14, 20).words == "14 of 20 = 70 % (48–85)"


@pytest.mark.parametrize(("successes", "episodes"), [(3, 2), (-1, 2)])
def test_impossible_counts_are_refused(successes: int, episodes: int) -> None:
    with pytest.raises(ValueError, match="0 <= successes <= episodes"):
        SuccessBand(successes, episodes)


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_rate_lies_in_its_interval_which_lies_in_0_to_1(successes: int, failures: int) -> None:
    band = SuccessBand(successes, successes + failures)
    low, high = band.interval
    assert 0.0 <= low < high <= 1.0
    if band.episodes:
        assert low - 1e-12 <= band.rate <= high + 1e-12
