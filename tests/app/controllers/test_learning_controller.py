"""Stage 1 followed, begun and ended; the view is a fake."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from irevla.app.controllers.learning_controller import LearningController
from irevla.app.graph.fake.learner import FakeLearner
from irevla.app.graph.fake.lineage import FakeLineage, model_hash
from irevla.app.graph.records import EpisodeInfo
from irevla.app.graph.requests import FinishTask, ListEpisodes, LoadModel, Request, StartTask
from irevla.app.models.question import Question


class FakeView:
    """Keeps what is shown in ``shown``, counts pushes, says yes to every question."""

    def __init__(self) -> None:
        self.shown: dict[str, Any] = {}
        self.pushes: list[str] = []
        self.questions: list[Question] = []
        self.is_yes = True

    def __getattr__(self, name: str) -> Any:
        if name.startswith("set_"):
            return lambda value: (self.shown.update({name[4:]: value}), self.pushes.append(name[4:]))
        if name.startswith("on_"):
            return lambda call: setattr(self, name[3:], call)
        raise AttributeError(name)

    def confirm(self, question: Question, call: Callable[[str], None]) -> None:
        self.questions.append(question)
        if self.is_yes:
            call("")


class Refusing:
    """Answers LoadModel with a refusal."""

    def facts(self, now_s: float) -> tuple[()]:
        return ()

    def answer(self, request: Request, now_s: float) -> Any:
        from irevla.app.graph.bridge import Answer

        return Answer(False, "the manifest does not match") if isinstance(request, LoadModel) else None


@pytest.fixture
def demos(make_episode_info: Callable[..., EpisodeInfo]) -> list[EpisodeInfo]:
    return [
        make_episode_info(name, kind="zero_shot", model_hash=model_hash(number))
        for name, number in (("b", 6), ("a", 6), ("c", 3))
    ]


def enter(room: Any) -> FakeView:
    view = FakeView()
    room.page = LearningController(room.desk, view, now=lambda: datetime(2026, 7, 31, 14, 25))
    room.page.opened()
    room.pass_time(1.0)
    return view


def test_the_page_shows_the_learner_and_its_curves(make_room: Any, make_shelf: Any) -> None:
    room = make_room([FakeLearner(), make_shelf(), FakeLineage()])
    view = enter(room)
    assert view.shown["headline"] == ("learning: pick_eggplant", "good")
    assert len(view.shown["curves"].learner) > 200
    assert view.shown["form"].task == "pick_eggplant"
    assert view.shown["form"].model_hash == model_hash(6)  # the promoted one


def test_plots_are_pushed_at_most_ten_times_a_second_and_not_at_all_while_nothing_comes(
    make_room: Any, make_shelf: Any, make_learner: Any, make_closed: Any
) -> None:
    shelf = make_shelf(news=[make_learner()])
    room = make_room([shelf, FakeLineage()])
    view = enter(room)
    view.pushes.clear()
    room.pass_time(3.0)
    assert view.pushes.count("curves") == 0
    for number in range(128):  # 64 a second, for two seconds
        shelf.news.append(make_closed(str(number), "success", room.now_s))
        room.pass_time(1 / 64, step_s=1 / 64)
    assert 15 <= view.pushes.count("curves") <= 20


def test_stage1_loads_the_model_then_starts_the_task_with_its_own_demos(
    make_room: Any, make_shelf: Any, demos: list[EpisodeInfo]
) -> None:
    learner = FakeLearner()
    learner.answer(FinishTask(out="/x"), 0.0)
    room = make_room([learner, make_shelf(demos), FakeLineage()])
    view = enter(room)
    view.choice("task", "open_drawer")
    view.choice("seed", 5)
    room.pass_time(1.0)
    assert view.shown["form"].start_obstacle == ""
    view.start()
    room.pass_time(0.2)
    assert view.shown["form"].start_obstacle == "waiting for an answer"
    room.pass_time(2.0)
    assert room.asked(LoadModel) == [LoadModel(path="runs/models/stage2-c", sha256=model_hash(6))]
    assert room.asked(StartTask) == [
        StartTask(task="open_drawer", model="runs/models/stage2-c", demo_episodes=("a", "b"), seed=5)
    ]
    assert room.told[-1][0] == "good" and "stage 1 of open_drawer has begun" in room.told[-1][1]
    assert room.desk.rig.learner.task == "open_drawer"


def test_a_model_that_cannot_be_loaded_starts_nothing(
    make_room: Any, make_shelf: Any, demos: list[EpisodeInfo]
) -> None:
    learner = FakeLearner()
    learner.answer(FinishTask(out="/x"), 0.0)
    room = make_room([Refusing(), learner, make_shelf(demos), FakeLineage()])
    view = enter(room)
    view.choice("task", "open_drawer")
    room.pass_time(1.0)
    view.start()
    room.pass_time(1.0)
    assert room.told == [("bad", "the manifest does not match")]
    assert room.asked(StartTask) == []
    assert view.shown["form"].start_obstacle == ""  # it can be tried again


def test_finishing_asks_first_says_what_the_gate_thinks_and_writes_beside_the_model(
    make_room: Any, make_shelf: Any
) -> None:
    lineage = FakeLineage()
    room = make_room([FakeLearner(on_finished=lineage.add_stage1), make_shelf(), lineage])
    view = enter(room)
    view.is_yes = False
    view.finish()
    room.pass_time(1.0)
    assert "ready for stage 2" in view.questions[0].words
    assert room.asked(FinishTask) == []
    view.is_yes = True
    view.finish()
    room.pass_time(2.0)
    assert room.asked(FinishTask) == [FinishTask(out="runs/models/pick_eggplant-stage1-20260731-142500")]
    assert room.told[-1][0] == "good"
    assert view.shown["form"].models[0][1].startswith("#8 stage 1")  # the lineage was asked again
    assert view.shown["headline"][0] == "idle"


def test_episodes_from_before_the_window_was_opened_fill_the_rate(
    make_room: Any, make_shelf: Any, make_learner: Any, make_episode_info: Callable[..., EpisodeInfo]
) -> None:
    shelf = make_shelf([make_episode_info(str(number)) for number in range(30)])
    shelf.news.append(make_learner(received_s=0.1, online_episodes=12, q_mean=0.5))
    room = make_room([shelf, FakeLineage()])
    view = enter(room)
    recalls = [request for request in room.asked(ListEpisodes) if request.kind == "rl"]
    assert recalls == [ListEpisodes(task="open_drawer", kind="rl", limit=12)]
    assert dict(view.shown["numbers"])["last 12 episodes"] == "12 of 12 = 100 % (76–100)"


def test_demos_are_those_of_the_chosen_task(make_room: Any, make_shelf: Any, demos: list[EpisodeInfo]) -> None:
    room = make_room([make_shelf(demos), FakeLineage()])
    view = enter(room)
    assert view.shown["form"].demos.startswith("2 zero-shot successes")
    view.choice("task", "press_button")
    room.pass_time(1.0)
    assert view.shown["form"].demos == "0 zero-shot successes of this model"


def test_a_new_zero_shot_success_is_counted(
    make_room: Any, make_shelf: Any, make_closed: Any, make_episode_info: Callable[..., EpisodeInfo]
) -> None:
    shelf = make_shelf()
    room = make_room([shelf, FakeLineage()])
    view = enter(room)
    assert view.shown["form"].demos == "0 zero-shot successes of this model"
    shelf.episodes.append(make_episode_info("z", kind="zero_shot", model_hash=model_hash(6)))
    shelf.news.append(make_closed("z", "success", kind="zero_shot"))
    room.pass_time(1.0)
    assert view.shown["form"].demos.startswith("1 zero-shot successes")
