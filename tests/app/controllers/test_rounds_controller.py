"""The lineage, rounds, comparisons and promotions; the views are fakes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from irevla.app.controllers.rounds_controller import RoundsController
from irevla.app.graph.facts import Diagnosis
from irevla.app.graph.fake.lineage import FakeLineage, model_hash
from irevla.app.graph.fake.lineage_jobs import FakeLineageJobs
from irevla.app.graph.records import EpisodeInfo
from irevla.app.graph.requests import CompareModels, ListModels, PromoteModel, RollBackModel, TrainRound
from irevla.app.models.question import Question


class FakeView:
    """Keeps what is shown, calls back what the controller asked for, answers questions with ``reasons``."""

    def __init__(self) -> None:
        self.shown: dict[str, Any] = {}
        self.questions: list[Question] = []
        self.reasons: list[str | None] = []

    def __getattr__(self, name: str) -> Any:
        if name in ("training", "comparison"):
            part = FakeView()
            setattr(self, name, part)
            return part
        if name.startswith("set_"):
            return lambda value: self.shown.update({name[4:]: value})
        if name.startswith("on_"):
            return lambda call: setattr(self, name[3:], call)
        raise AttributeError(name)

    def confirm(self, question: Question, call: Callable[[str], None]) -> None:
        self.questions.append(question)
        reason = self.reasons.pop(0)
        if reason is not None:
            call(reason)


class Clock:
    """A wall clock on which every look is a second later."""

    def __init__(self) -> None:
        self.now = datetime(2026, 7, 31, 14, 25)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


class Scene:
    """A page in front of a made-up lineage and a store."""

    def __init__(self, room_type: Any, shelf: Any) -> None:
        self.lineage = FakeLineage()
        self.shelf = shelf
        self.room = room_type([shelf, self.lineage], [FakeLineageJobs(self.lineage)])
        self.view = FakeView()
        self.room.page = RoundsController(self.room.desk, self.view, now=Clock())
        self.room.page.opened()
        self.room.pass_time(2.0)

    @property
    def training(self) -> Any:
        return self.view.training

    @property
    def comparison(self) -> Any:
        return self.view.comparison


@pytest.fixture
def scene(make_room: Any, make_shelf: Any, make_episode_info: Callable[..., EpisodeInfo]) -> Scene:
    kinds = ("demo", "demo", "zero_shot", "rl")
    return Scene(make_room, make_shelf([make_episode_info(f"{kind}{n}", kind=kind) for n, kind in enumerate(kinds)]))


def test_the_board_shows_the_lineage_and_the_newest_model(scene: Scene) -> None:
    assert len(scene.view.shown["cards"]) == 7
    assert scene.view.shown["selected"] == model_hash(7)
    assert scene.view.shown["details"].title == "#7 stage 1"
    assert scene.view.shown["empty"] == ""
    scene.view.selected(model_hash(1))
    scene.room.pass_time()
    assert scene.view.shown["details"].title == "#1 stage 0"


def test_a_lineage_node_that_does_not_answer_is_said_and_refresh_tries_again(make_room: Any, make_shelf: Any) -> None:
    room, view = make_room([make_shelf()]), FakeView()
    room.page = RoundsController(room.desk, view)
    room.page.opened()
    room.pass_time(1.0)
    assert view.shown["empty"] == "nobody in the made-up graph answers ListModels"
    view.refresh()
    assert len(room.asked(ListModels)) == 2


def test_stage2_starts_from_the_selected_model_and_its_end_refreshes_the_board(scene: Scene) -> None:
    scene.training.choice("stage", 2)
    scene.training.choice("steps", 300)
    scene.room.pass_time()
    form = scene.training.shown["form"]
    assert (form.parent.split()[0], form.online, form.obstacle) == ("#7", "2 successes: 1 zero-shot, 1 of RL", "")
    assert form.round_id.startswith("stage2-")
    scene.training.start()
    scene.room.pass_time(1.0)
    assert scene.room.asked(TrainRound) == [
        TrainRound(
            round_id=form.round_id,
            stage=2,
            parent="runs/models/pick_eggplant-stage1",
            expert_episodes=("demo0", "demo1"),
            online_episodes=("zero_shot2", "rl3"),
            steps=300,
        )
    ]
    assert 0.0 < scene.view.shown["jobs"][0] < 1.0
    assert "one round at a time" in scene.training.shown["form"].obstacle
    assert len(scene.training.shown["curve"].rows) > 3
    scene.room.pass_time(3.0)
    assert scene.training.shown["status"].tone == "good"
    assert scene.room.told[-1][0] == "good"
    assert len(scene.view.shown["cards"]) == 8
    assert scene.training.shown["form"].round_id != form.round_id  # ready for the next
    assert scene.view.shown["jobs"] == (None, False)


def test_stage2_without_d_rl_is_refused(make_room: Any, make_shelf: Any, make_episode_info: Any) -> None:
    scene = Scene(make_room, make_shelf([make_episode_info("d", kind="demo")]))
    scene.training.choice("stage", 2)
    scene.training.start()
    assert scene.room.asked(TrainRound) == []
    assert scene.room.told[-1][0] == "bad" and "D_RL is empty" in scene.room.told[-1][1]


def test_a_cancelled_round_is_resumed_under_its_name_with_the_same_data(scene: Scene) -> None:
    scene.training.start()
    scene.room.pass_time(5.0)
    scene.training.cancel()
    scene.room.pass_time(1.0)
    status = scene.training.shown["status"]
    assert "cancelled at step 600" in status.words and status.can_resume
    assert scene.room.told[-1][0] == "info"
    scene.shelf.episodes.clear()  # what the store holds by then does not matter
    scene.view.refresh()
    scene.room.pass_time(1.0)
    scene.training.resume()
    scene.room.pass_time(0.5)
    first, second = scene.room.asked(TrainRound)
    assert first == second
    assert scene.training.shown["curve"].rows[0, 0] >= 600


def test_a_second_round_is_not_started_while_one_runs(scene: Scene) -> None:
    scene.training.start()
    scene.room.pass_time(1.0)
    scene.training.start()
    scene.training.resume()
    assert len(scene.room.asked(TrainRound)) == 1


def test_a_round_of_another_window_is_told_and_waited_for(scene: Scene) -> None:
    words = (("round", "x"), ("step", "10"), ("of_steps", "90"))
    scene.shelf.news.append(Diagnosis(received_s=0.0, name="/sft", level=0, message="", values=words))
    scene.room.pass_time()
    assert "This window did not start it" in scene.training.shown["status"].words
    scene.training.start()
    assert scene.room.told[-1] == ("bad", "x is under way (step 10 of 90): one round at a time")
    assert scene.room.asked(TrainRound) == []


def test_new_labels_are_counted_again_after_a_while(scene: Scene, make_closed: Any, make_episode_info: Any) -> None:
    scene.room.pass_time(5.0)
    scene.shelf.episodes.append(make_episode_info("new", kind="demo"))
    scene.shelf.news.append(make_closed("new", "success", kind="demo"))
    scene.room.pass_time(1.5)
    assert scene.training.shown["form"].expert == "3 demonstrations of 1 task"


def test_a_comparison_is_blind_until_its_end_and_then_has_a_verdict(scene: Scene) -> None:
    scene.comparison.choice("tasks", frozenset({"open_drawer"}))
    scene.comparison.choice("pairs", 10)
    scene.room.pass_time()
    assert scene.comparison.shown["form"].old_hash == model_hash(6)  # the promoted one
    scene.comparison.start()
    scene.room.pass_time(3.0)
    assert scene.room.asked(CompareModels) == [
        CompareModels(
            old_hash=model_hash(6),
            new_hash=model_hash(7),
            tasks=("open_drawer",),
            pairs=10,
            first_seed=0,
            who="ann",
        )
    ]
    status = scene.comparison.shown["status"]
    assert status.is_running and status.words.startswith("episode 6 of 20") and not status.verdict
    assert scene.view.shown["jobs"] == (None, True)
    scene.room.pass_time(8.0)
    status = scene.comparison.shown["status"]
    assert not status.is_running and status.verdict
    assert [row[0] for row in status.rows] == ["open_drawer"]
    assert scene.room.told[-1] == ("info", status.verdict)


def test_a_cancelled_comparison_is_no_failure(scene: Scene) -> None:
    scene.comparison.choice("tasks", frozenset({"open_drawer"}))
    scene.room.pass_time()
    scene.comparison.start()
    scene.room.pass_time(2.0)
    scene.comparison.cancel()
    scene.room.pass_time(1.0)
    assert "cancelled after" in scene.comparison.shown["status"].words
    assert scene.room.told[-1][0] == "info"


def test_a_comparison_of_a_model_with_itself_is_refused(scene: Scene) -> None:
    scene.view.selected(model_hash(6))
    scene.room.pass_time()
    scene.comparison.start()
    assert scene.room.told[-1][0] == "bad" and "two different models" in scene.room.told[-1][1]
    assert scene.room.asked(CompareModels) == []


def test_a_gates_refusal_is_shown_and_overridden_with_a_written_reason(scene: Scene) -> None:
    scene.view.reasons = ["looks fine", "it must run today"]
    scene.view.promote()
    scene.room.pass_time(1.0)
    plain, risky = scene.view.questions
    assert plain.reason == "optional"
    assert "0 labelled pairs" in risky.words and risky.reason == "needed"
    assert scene.room.asked(PromoteModel) == [
        PromoteModel(model_hash=model_hash(7), who="ann", why="looks fine"),
        PromoteModel(model_hash=model_hash(7), who="ann", why="it must run today", override_gate=True),
    ]
    promoted = [card.title for card in scene.view.shown["cards"] if card.is_promoted]
    assert promoted == ["#7 stage 1"]
    assert scene.view.shown["promote"] == ""  # nothing more to promote
    assert scene.view.shown["history"][0][2] == "ann: it must run today"


def test_saying_no_promotes_nothing(scene: Scene) -> None:
    scene.view.reasons = [None]
    scene.view.promote()
    assert scene.room.asked(PromoteModel) == []
    scene.view.reasons = ["x", None]
    scene.view.promote()
    scene.room.pass_time(1.0)
    assert len(scene.room.asked(PromoteModel)) == 1


def test_a_refusal_that_no_override_mends_is_told_and_nothing_more_is_asked(scene: Scene) -> None:
    scene.view.selected(model_hash(5))  # its directory is missing
    scene.room.pass_time()
    assert scene.view.shown["promote"] == ""
    scene.view.reasons = [""]
    scene.view.promote()
    scene.room.pass_time(1.0)
    assert len(scene.view.questions) == 1
    assert "there is no checkpoint" in scene.room.told[-1][1]


def test_a_roll_back_is_asked_about_and_changes_the_board(scene: Scene) -> None:
    assert scene.view.shown["roll_back"].startswith("Roll back to #3")
    scene.view.reasons = ["the drawer sticks"]
    scene.view.roll_back()
    scene.room.pass_time(1.0)
    assert scene.room.asked(RollBackModel) == [RollBackModel(who="ann", why="the drawer sticks")]
    assert [card.title for card in scene.view.shown["cards"] if card.is_promoted] == ["#3 stage 2"]
    assert scene.view.shown["history"][0][1].startswith("back to #3")
    assert scene.view.shown["roll_back"].startswith("Roll back to #1")
