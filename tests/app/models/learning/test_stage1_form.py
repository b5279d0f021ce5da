"""Why stage 1 cannot begin or end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from irevla.app.graph.facts import Learner
from irevla.app.graph.fake.lineage import FakeLineage, model_hash
from irevla.app.graph.records import EpisodeInfo, Lineage
from irevla.app.graph.requests import ListModels
from irevla.app.models.learning.stage1_form import Stage1Choice, Stage1Form, checkpoint_path, stage1_form, usable
from irevla.app.models.rounds.lineage_book import LineageBook

MakeLearner = Callable[..., Learner]
MakeEpisode = Callable[..., EpisodeInfo]


@pytest.fixture
def book() -> LineageBook:
    answer = FakeLineage().answer(ListModels(), 0.0)
    assert answer is not None and isinstance(answer.result, Lineage)
    return LineageBook(answer.result)


def form(
    book: LineageBook,
    demos: tuple[EpisodeInfo, ...] | str,
    learner: Learner | None,
    model: str = model_hash(6),
    *,
    is_asking: bool = False,
) -> Stage1Form:
    choice = Stage1Choice("open_drawer", model, 3)
    return stage1_form(choice, ("open_drawer",), book, demos, learner, is_asking=is_asking)


def test_demos_of_another_model_are_counted_apart_and_not_used(
    book: LineageBook, make_episode_info: MakeEpisode
) -> None:
    demos = (
        make_episode_info("b", model_hash=model_hash(6)),
        make_episode_info("a", model_hash=model_hash(6)),
        make_episode_info("c", model_hash=model_hash(3)),
    )
    assert usable(demos, model_hash(6)) == ("a", "b")
    words = form(book, demos, None).demos
    assert words == "2 zero-shot successes of this model (the paper has 20); 1 of other models do not fit its head"


def test_only_models_whose_directory_is_there_are_offered_newest_first(book: LineageBook) -> None:
    numbers = [words.split()[0] for _, words in form(book, "", None).models]
    assert numbers == ["#7", "#6", "#4", "#3", "#2", "#1"]


def test_stage1_begins_only_when_all_is_there(
    book: LineageBook, make_learner: MakeLearner, make_episode_info: MakeEpisode
) -> None:
    demos = (make_episode_info("a", model_hash=model_hash(6)),)
    idle = make_learner(task="", state="idle")
    assert form(book, demos, idle).start_obstacle == ""
    assert "not heard" in form(book, demos, None).start_obstacle
    assert form(book, demos, make_learner()).start_obstacle == "open_drawer is under way: finish it first"
    assert form(book, demos, make_learner(state="failed")).start_obstacle == ""
    assert "choose a model" in form(book, demos, idle, model="").start_obstacle
    assert "no demo buffer" in form(book, (), idle).start_obstacle
    assert form(book, "the session does not answer", idle).start_obstacle == "the session does not answer"
    assert form(book, demos, idle, is_asking=True).start_obstacle == "waiting for an answer"


def test_stage1_ends_only_while_it_is_under_way(book: LineageBook, make_learner: MakeLearner) -> None:
    assert form(book, (), make_learner()).finish_obstacle == ""
    assert "no stage 1" in form(book, (), make_learner(task="", state="idle")).finish_obstacle
    assert "failed" in form(book, (), make_learner(state="failed")).finish_obstacle


def test_the_checkpoint_stands_beside_its_model() -> None:
    path = checkpoint_path("/rig/models/stage2-a", "open_drawer", datetime(2026, 7, 31, 14, 5, 9))
    assert path == "/rig/models/open_drawer-stage1-20260731-140509"
