"""The Learning page's words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from irevla.app.graph.facts import Learner, PolicyStep
from irevla.app.models.learning.learning_history import LearningHistory
from irevla.app.models.learning.learning_state import LearningState, critic_words, head_words, learning_state
from irevla.app.models.learning.stage1_form import Stage1Choice, stage1_form
from irevla.app.models.rig import Rig
from irevla.app.models.rounds.lineage_book import LineageBook
from irevla.config.dashboard import DashboardSettings

MakeLearner = Callable[..., Learner]


def policy(version: int) -> PolicyStep:
    return PolicyStep(
        received_s=0.0,
        episode_id="e",
        step=0,
        action=(0.0,) * 7,
        log_prob=0.0,
        q_value=0.5,
        weights_version=version,
        model_hash="",
        infer_s=0.01,
    )


def state(learner: Learner | None, now_s: float = 0.5) -> LearningState:
    rig, history = Rig(()), LearningHistory(20)
    if learner is not None:
        rig.take(learner)
        history.take(learner)
    form = stage1_form(Stage1Choice(), (), LineageBook(), "", learner, is_asking=False)
    return learning_state(rig, history, form, DashboardSettings(), now_s)


@pytest.mark.parametrize(
    ("q_mean", "successes", "tone", "words"),
    [
        (0.55, 12, "good", "mean Q 0.55 goes with the success rate 0.60"),
        (0.95, 6, "bad", "mean Q 0.95 is far above the success rate 0.30: the critic overestimates"),
        (0.20, 18, "warn", "mean Q 0.20 is far below the success rate 0.90: the critic has not caught up"),
        (1.40, 18, "bad", "mean Q 1.40 cannot be: a reward of 0 or 1 allows 0 to 1; the critic diverges"),
        (-0.1, 18, "bad", "mean Q -0.10 cannot be: a reward of 0 or 1 allows 0 to 1; the critic diverges"),
        (float("nan"), 18, "", "the critic has said nothing yet"),
    ],
)
def test_mean_q_is_said_beside_the_success_rate(
    make_learner: MakeLearner, q_mean: float, successes: int, tone: str, words: str
) -> None:
    assert critic_words(make_learner(q_mean=q_mean), successes, 20, 0.3) == (words, tone)


def test_a_failed_learner_is_loud_and_says_why(make_learner: MakeLearner) -> None:
    shown = state(make_learner(state="failed", detail="NaN loss"))
    assert (shown.headline, shown.detail) == (("FAILED: open_drawer", "bad"), "NaN loss")


def test_a_silent_learner_is_told(make_learner: MakeLearner) -> None:
    assert state(make_learner(), now_s=5.0).headline == ("learning: open_drawer", "good")
    assert state(make_learner(), now_s=6.0).headline == ("the learner is silent for 6 s", "bad")
    assert state(None).headline == ("the learner was not heard yet: is the graph running?", "warn")


def test_numbers_say_both_buffers_and_the_batch(make_learner: MakeLearner) -> None:
    numbers = dict(state(make_learner(demo_steps=812, online_steps=5230, online_episodes=120)).numbers)
    assert numbers["demo buffer"] == "812 steps, half of each batch"
    assert numbers["online buffer"] == "5,230 steps, the other half"


@pytest.mark.parametrize(
    ("acts", "words"),
    [
        (43, "the policy acts with the newest, 43"),
        (41, "the policy acts with 41, 2 behind the newest, 43"),
        (50, "the policy acts with 50, of an earlier task; newest is 43"),
    ],
)
def test_the_policys_lag_is_said(make_learner: MakeLearner, acts: int, words: str) -> None:
    assert head_words(make_learner(weights_version=43), policy(acts)) == words
    assert "not heard" in head_words(make_learner(weights_version=43), None)
