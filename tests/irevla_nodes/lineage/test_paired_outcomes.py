"""McNemar's test by hand, and each model's own rates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irevla_nodes.lineage.paired_outcomes import PairedOutcome, PairedOutcomes


def outcomes(only_old: int, only_new: int, both: int = 0, neither: int = 0) -> PairedOutcomes:
    kinds = {(True, False): only_old, (False, True): only_new, (True, True): both, (False, False): neither}
    return PairedOutcomes(tuple(PairedOutcome("t", *kind) for kind, count in kinds.items() for _ in range(count)))


@pytest.mark.parametrize(
    ("only_old", "only_new", "p_value"),
    [
        (0, 0, 1.0),
        (1, 0, 1.0),  # 2 * 1/2
        (5, 0, 2 / 32),
        (6, 0, 2 / 64),
        (0, 6, 2 / 64),
        (1, 9, 2 * (1 + 10) / 1024),
        (2, 8, 2 * (1 + 10 + 45) / 1024),
        (3, 3, 1.0),  # 2 * (1 + 6 + 15 + 20) / 64 is more than one
    ],
)
def test_the_p_value_is_the_exact_binomial_one(only_old: int, only_new: int, p_value: float) -> None:
    assert outcomes(only_old, only_new, both=3, neither=2).p_value == pytest.approx(p_value)


def test_two_thousand_unequal_pairs_still_have_a_p_value() -> None:
    assert 0.0 <= outcomes(1200, 800).p_value < 1e-9


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 5))
def test_the_p_value_is_a_probability_and_takes_no_side(old: int, new: int, both: int) -> None:
    p_value = outcomes(old, new, both).p_value
    assert 0.0 < p_value <= 1.0
    assert p_value == outcomes(new, old).p_value


def test_rates_are_each_models_own_on_each_task() -> None:
    pairs = [("a", True, False), ("a", True, True), ("b", False, True)]
    found = PairedOutcomes(tuple(PairedOutcome(*pair) for pair in pairs))
    assert found.tasks == ("a", "b")
    assert (found.old_rate("a").successes, found.new_rate("a").successes, found.new_rate("a").n) == (2, 1, 2)
    assert (found.old_rate("b").rate, found.new_rate("b").rate) == (0.0, 1.0)
