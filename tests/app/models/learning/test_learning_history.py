"""Curves of one stage 1."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from irevla.app.graph.facts import Command, EpisodeClosed, Learner
from irevla.app.graph.records import EpisodeInfo
from irevla.app.models.learning.learning_history import LearningHistory

MakeLearner = Callable[..., Learner]
MakeClosed = Callable[..., EpisodeClosed]


def command(episode_id: str, source: int, *, hold: bool = False) -> Command:
    return Command(
        received_s=0.0, episode_id=episode_id, step=0, action=(0.0,) * 7, source=source, limited=0, hold=hold
    )


def test_minutes_count_from_the_first_word_of_the_stage(make_learner: MakeLearner) -> None:
    history = LearningHistory(20)
    history.take(make_learner(received_s=100.0, updates=1, q_mean=0.25))
    history.take(make_learner(received_s=160.0, updates=2, q_mean=0.5))
    assert history.curves.learner[:, 0].tolist() == [0.0, 1.0]
    assert history.curves.learner[:, 4].tolist() == [0.25, 0.5]


def test_points_come_at_most_ten_times_a_second_and_rarely_while_nothing_is_learnt(make_learner: MakeLearner) -> None:
    history = LearningHistory(20)
    for tick in range(20):  # 62.5 ms apart
        history.take(make_learner(received_s=tick / 16, updates=tick))
    assert len(history.curves.learner) == 10
    for tick in range(50):  # a second apart, no update
        history.take(make_learner(received_s=2.125 + tick, updates=18))
    assert len(history.curves.learner) == 35


@pytest.mark.parametrize("change", [{"task": "press_button"}, {"updates": 3}], ids=["another task", "begun again"])
def test_a_new_stage_begins_with_empty_curves(
    make_learner: MakeLearner, make_closed: MakeClosed, change: dict[str, object]
) -> None:
    history = LearningHistory(20)
    history.take(make_learner(received_s=0.0, updates=500))
    history.take(make_closed("a", "success"))
    history.take(make_learner(received_s=60.0, **{"updates": 600, **change}))
    assert (len(history.curves.learner), len(history.curves.episodes), history.window.episodes) == (1, 0, 0)


def test_an_idle_learner_leaves_the_curves_of_the_finished_stage(make_learner: MakeLearner) -> None:
    history = LearningHistory(20)
    history.take(make_learner(updates=500))
    history.take(make_learner(received_s=9.0, task="", state="idle"))
    assert (history.task, len(history.curves.learner)) == ("open_drawer", 1)


def test_the_rate_over_the_window_comes_with_its_wilson_band(
    make_learner: MakeLearner, make_closed: MakeClosed
) -> None:
    history = LearningHistory(10)
    history.take(make_learner())
    for number in range(12):  # the last ten: 8 successes
        history.take(make_closed(str(number), "failure" if number in (0, 1, 2, 3) else "success"))
    assert history.curves.episodes[-1, 1:] == pytest.approx([0.8, 0.4902, 0.9433, 0.0], abs=1e-4)


def test_only_labelled_rl_episodes_of_the_task_count(make_learner: MakeLearner, make_closed: MakeClosed) -> None:
    history = LearningHistory(10)
    history.take(make_learner())
    for fact in (
        make_closed("a", "success", kind="demo"),
        make_closed("b", "success", task="press_button"),
        make_closed("c", "discard"),
        make_closed("d", "success", relabel=True),  # of an episode that is not in the window
    ):
        history.take(fact)
    assert history.window.episodes == len(history.curves.episodes) == 0


def test_a_relabel_moves_the_rate(make_learner: MakeLearner, make_closed: MakeClosed) -> None:
    history = LearningHistory(10)
    history.take(make_learner())
    history.take(make_closed("a", "failure"))
    history.take(make_closed("a", "success", relabel=True))
    assert history.curves.episodes[:, 1].tolist() == [0.0, 1.0]


def test_interventions_are_the_share_of_executed_steps_by_a_person(
    make_learner: MakeLearner, make_closed: MakeClosed
) -> None:
    history = LearningHistory(10)
    history.take(make_learner())
    for source in (1, 1, 2):
        history.take(command("a", source))
    history.take(command("a", 2, hold=True))
    history.take(make_closed("a", "success"))
    assert history.curves.episodes[-1, 4] == pytest.approx(1 / 3)


def test_steps_of_episodes_that_never_close_are_forgotten(make_closed: MakeClosed) -> None:
    history = LearningHistory(10)
    for number in range(1000):
        history.take(command(str(number), 1))
    assert len(history._acted) == 16


def test_curves_are_the_same_object_until_something_comes(make_learner: MakeLearner) -> None:
    history = LearningHistory(10)
    first = history.curves
    assert history.curves is first
    history.take(make_learner())
    second = history.curves
    assert second is not first
    assert history.curves is second


def test_episodes_from_before_are_recalled_oldest_first_and_only_into_an_empty_window(
    make_learner: MakeLearner, make_closed: MakeClosed, make_episode_info: Callable[..., EpisodeInfo]
) -> None:
    history = LearningHistory(2)
    history.take(make_learner())
    newest_first = [
        make_episode_info("c", label="failure", intervention_steps=5),
        make_episode_info("b"),
        make_episode_info("x", label=""),
    ]
    history.recall("press_button", newest_first)
    assert history.window.episodes == 0
    history.recall("open_drawer", newest_first)
    history.recall("open_drawer", newest_first)
    assert (history.window.successes, history.window.episodes) == (1, 2)
    assert history.window.intervention_rate == 0.25  # 5 of 20
    history.take(make_closed("d", "success"))  # b, the oldest, goes
    assert np.isclose(history.curves.episodes[-1, 1], 0.5)
