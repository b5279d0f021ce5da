"""The gate's conditions, each at its border."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from irevla.app.graph.facts import Learner
from irevla.app.models.learning.stage2_gate import Condition, stage2_gate
from irevla.config.dashboard import DashboardSettings

MakeLearner = Callable[..., Learner]
LOOK = DashboardSettings()  # 40 successes, lower end 0.6, 0.3 of the rate


def condition(name: str, learner: Learner | None, successes: int, episodes: int) -> Condition:
    gate = stage2_gate(learner, successes, episodes, LOOK)
    return next(found for found in gate.conditions if found.name == name)


def test_everything_met_is_ready(make_learner: MakeLearner) -> None:
    learner = make_learner(updates=1, online_successes=40, q_mean=0.6)
    gate = stage2_gate(learner, 17, 20, LOOK)  # 0.85, Wilson 0.640 to 0.948
    assert gate.is_ready
    assert gate.verdict == "ready for stage 2"


def test_the_verdict_names_all_that_is_missing(make_learner: MakeLearner) -> None:
    learner = make_learner(updates=0, online_successes=39, q_mean=0.1)
    gate = stage2_gate(learner, 16, 20, LOOK)
    assert gate.verdict == "not ready for stage 2: updates, new successes, success rate, mean Q"


@pytest.mark.parametrize(("successes", "is_met"), [(16, False), (17, True)])  # lower ends 0.584 and 0.640
def test_the_rates_lower_end_must_reach_the_threshold(make_learner: MakeLearner, successes: int, is_met: bool) -> None:
    assert condition("success rate", make_learner(), successes, 20).is_met is is_met


def test_a_perfect_rate_of_few_episodes_is_not_enough(make_learner: MakeLearner) -> None:
    found = condition("success rate", make_learner(), 5, 5)  # lower end 0.566
    assert not found.is_met
    assert found.now == "5/5, 95 %: 0.57 to 1.00"
    assert found.needs == "a lower end of 0.60"


@pytest.mark.parametrize(("q_mean", "is_met"), [(0.8, True), (0.81, False), (0.2, True), (0.19, False)])
def test_mean_q_must_be_near_the_rate(make_learner: MakeLearner, q_mean: float, is_met: bool) -> None:
    assert condition("mean Q", make_learner(q_mean=q_mean), 10, 20).is_met is is_met


@pytest.mark.parametrize(("q_mean", "episodes"), [(float("nan"), 20), (0.5, 0)])
def test_without_q_or_episodes_nothing_is_compared(make_learner: MakeLearner, q_mean: float, episodes: int) -> None:
    found = condition("mean Q", make_learner(q_mean=q_mean), episodes // 2, episodes)
    assert (found.is_met, found.now) == (False, "nothing to compare yet")


@pytest.mark.parametrize(
    ("state", "is_met"), [("learning", True), ("warming_up", True), ("failed", False), ("idle", False)]
)
def test_the_learner_must_be_at_work(make_learner: MakeLearner, state: str, is_met: bool) -> None:
    assert condition("learner", make_learner(state=state), 10, 20).is_met is is_met


def test_before_anything_is_heard_nothing_is_ready() -> None:
    gate = stage2_gate(None, 0, 0, LOOK)
    assert not any(found.is_met for found in gate.conditions)
