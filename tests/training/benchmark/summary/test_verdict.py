"""The claims, their intervals by hand, and what is said when they do not come out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.training.benchmark.results import Evaluation
from irevla.training.benchmark.summary.table import Cell
from irevla.training.benchmark.summary.verdict import Claim, Comparison, judge
from irevla.training.success_rate import SuccessRate

Make = Callable[..., Evaluation]
TASKS = ("push-expert", "push-rl", "push-unseen")


def comparison(ours: SuccessRate, theirs: SuccessRate) -> Comparison:
    return Comparison("x", "sft", Cell(ours, {0: ours.rate}), Cell(theirs, {0: theirs.rate}))


def claims(settings: BenchmarkSettings, rows: list[Evaluation]) -> dict[str, Claim]:
    return {claim.letter: claim for claim in judge(settings, rows)}


def rows(make: Make, rates: dict[str, tuple[int, int, int]], n: int = 100) -> list[Evaluation]:
    return [
        make(method, task, successes, n)
        for method, counts in rates.items()
        for task, successes in zip(TASKS, counts, strict=True)
    ]


def test_the_interval_of_a_difference_is_newcombes() -> None:
    """56 of 70 against 48 of 80, the example of Newcombe 1998, method 10: 0.0524 to 0.3339."""
    low, high = comparison(SuccessRate(56, 70), SuccessRate(48, 80)).interval
    assert (low, high) == pytest.approx((0.0524, 0.3339), abs=1e-4)


def test_claims_come_out_where_the_order_is_the_papers(settings: BenchmarkSettings, evaluation: Make) -> None:
    rates = {"sft": (80, 50, 50), "ppo-replay": (60, 40, 40), "irevla": (80, 95, 80), "irevla-freeze": (70, 60, 60)}
    found = claims(settings, rows(evaluation, rates))
    assert {letter: claim.verdict for letter, claim in found.items()} == dict.fromkeys("abcd", "came out")
    assert str(found["a"].comparisons[0]).startswith(
        "push-rl: 0.95 against SFT policy's 0.50, difference +0.45 [+0.34, +0.55], so in 1 of 1 seeds"
    )


def test_one_rl_task_that_is_not_better_spoils_the_first_claim(settings: BenchmarkSettings, evaluation: Make) -> None:
    found = claims(settings, rows(evaluation, {"sft": (80, 50, 50), "irevla": (80, 50, 90)}))
    assert found["a"].verdict == "did not (within the intervals)"
    assert found["b"].verdict == "came out"


def test_a_sure_loss_is_called_one(settings: BenchmarkSettings, evaluation: Make) -> None:
    found = claims(settings, rows(evaluation, {"sft": (80, 50, 50), "irevla": (40, 90, 90)}))
    assert found["b"].verdict == "did not"


def test_a_small_lead_is_not_sold_as_a_sure_one(settings: BenchmarkSettings, evaluation: Make) -> None:
    found = claims(settings, rows(evaluation, {"sft": (80, 50, 50), "irevla": (80, 52, 90)}))
    assert found["a"].verdict == "came out (not beyond the intervals)"


def test_what_was_not_run_is_named(settings: BenchmarkSettings, evaluation: Make) -> None:
    found = claims(settings, rows(evaluation, {"irevla": (80, 52, 90)}))
    assert found["c"].verdict == "cannot be said without PPO-Replay"
    assert found["d"].verdict == "cannot be said without iRe-VLA-freeze"
