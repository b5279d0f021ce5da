"""The Demonstrations page with a view that is no widget."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from irevla.app.controllers.demonstrations_controller import DemonstrationsController
from irevla.app.controllers.episode_controller import EpisodeController
from irevla.app.graph.facts import EpisodeClosed, Phase
from irevla.app.graph.records import EpisodePage
from irevla.app.graph.requests import ListEpisodes, StartEpisode, StopEpisode

LABELS = ("success", "failure", "discard")


class FakeView:
    """Stands for both views."""

    def __init__(self) -> None:
        self.shown: dict[str, Any] = {}
        self.calls: dict[str, Callable[..., None]] = {}

    def __getattr__(self, name: str) -> Callable[[Any], None]:
        kind, _, what = name.partition("_")
        target = {"set": self.shown, "on": self.calls}[kind]
        return lambda value: target.__setitem__(what, value)


class Sitting:
    def __init__(self, table: Any) -> None:
        self.table, self.view = table, FakeView()
        self.episode = EpisodeController(table.desk, FakeView())
        self.controller = DemonstrationsController(table.desk, self.view, self.episode)
        table.pages += [self.episode, self.controller]

    def shown(self) -> dict[str, Any]:
        self.controller.show(self.table.now_s)
        return self.view.shown

    def count(self, *totals: int) -> None:
        for total in totals:
            self.table.bridge.answer(result=EpisodePage(total, ()))

    def close(self, kind: str = "demo") -> None:
        self.table.hear(
            EpisodeClosed(
                received_s=self.table.now_s,
                episode_id="e1",
                task="press_button",
                kind=kind,
                label="success",
                steps=60,
                terminated=True,
                weights_version=0,
                relabel=False,
            )
        )


@pytest.fixture(name="sitting")
def fixture_sitting(table: Any) -> Sitting:
    return Sitting(table)


def counted(task: str, label: str) -> ListEpisodes:
    return ListEpisodes(task=task, kind="demo", label=label, limit=1)


def test_opening_counts_every_task_one_question_at_a_time(sitting: Sitting) -> None:
    sitting.controller.opened()
    assert sitting.table.bridge.asked == [counted("pick_red_block", "success")]
    sitting.count(12, 3, 1, 5, 0, 2)
    tasks = sitting.table.desk.tasks
    assert sitting.table.bridge.asked == [counted(task, label) for task in tasks for label in LABELS]
    rows = sitting.shown()["counts"]
    assert [(row.success, row.failure, row.discard, row.target) for row in rows] == [(12, 3, 1, 20), (5, 0, 2, 20)]


def test_opening_twice_asks_no_question_twice(sitting: Sitting) -> None:
    sitting.controller.opened()
    sitting.controller.opened()
    sitting.count(1, 2, 3, 4, 5, 6, 7)
    assert len(sitting.table.bridge.asked) == 7  # the one under way was asked again, nothing else


def test_a_new_demonstration_counts_its_task_again(sitting: Sitting) -> None:
    sitting.close(kind="rl")
    assert sitting.table.bridge.asked == []
    sitting.close()
    sitting.count(6, 0, 0)
    assert sitting.table.bridge.asked == [counted("press_button", label) for label in LABELS]
    row = sitting.shown()["counts"][1]
    assert (row.success, row.sitting) == (6, 1)


def test_two_labels_in_a_row_are_counted_one_after_the_other(sitting: Sitting) -> None:
    sitting.close()
    sitting.count(1)
    sitting.close()
    assert sitting.table.bridge.asked == [counted("press_button", "success"), counted("press_button", "failure")]
    sitting.count(0, 0, 2)
    assert sitting.shown()["counts"][1].success == 2


def test_a_store_that_does_not_answer_is_said_and_counted_the_next_time(sitting: Sitting) -> None:
    sitting.controller.opened()
    sitting.table.bridge.answer("no answer of session/list_episodes within 5 s")
    assert sitting.shown()["trouble"] == "the store was not counted: no answer of session/list_episodes within 5 s"
    assert len(sitting.table.bridge.asked) == 1
    sitting.controller.opened()
    sitting.count(1)
    assert sitting.shown()["trouble"] == ""


def test_the_page_records_demonstrations_of_the_chosen_task(sitting: Sitting) -> None:
    sitting.controller.opened()
    sitting.view.calls["chosen"]("press_button")
    assert sitting.shown()["controls"].go == "record"
    sitting.view.calls["command"]("go")
    assert sitting.table.bridge.asked[-1] == StartEpisode(task="press_button", mode="teleop", kind="demo")


def test_a_guided_reset_is_confirmed_here_too(sitting: Sitting) -> None:
    sitting.table.episode(Phase.READY, detail="put the objects back, then confirm")
    assert sitting.shown()["controls"].go == "confirm"


def test_the_target_is_that_of_the_chosen_task(sitting: Sitting) -> None:
    sitting.view.calls["chosen"]("press_button")
    sitting.view.calls["target"](35)
    assert sitting.shown()["target"] == 35
    assert [row.target for row in sitting.shown()["counts"]] == [20, 35]


def test_redo_throws_away_what_runs(sitting: Sitting) -> None:
    assert not sitting.shown()["can_redo"]
    sitting.table.episode(Phase.RUNNING, mode="teleop", kind="demo")
    assert sitting.shown()["can_redo"]
    sitting.view.calls["command"]("redo")
    assert sitting.table.bridge.asked == [StopEpisode()]
