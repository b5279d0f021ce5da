"""The Learning page, with real widgets: both directions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from irevla.app.models.learning.learning_history import Curves
from irevla.app.models.learning.stage1_form import Stage1Form
from irevla.app.models.learning.stage2_gate import Condition, Gate
from irevla.app.models.question import Question
from irevla.app.views.confirm_dialog import ConfirmDialog
from irevla.app.views.learning.learning_page import LearningPage
from irevla.app.views.theme import DARK

FORM = Stage1Form(
    tasks=("open_drawer", "press_button"),
    models=(("h2", "#2"), ("h1", "#1")),
    task="press_button",
    model_hash="h1",
    seed=4,
    demos="22 successes",
    start_obstacle="",
    finish_obstacle="no stage 1 is under way",
)


@pytest.fixture
def page(qtbot: QtBot) -> LearningPage:
    page = LearningPage(DARK)
    qtbot.addWidget(page)
    page.show()
    return page


def curves(q_mean: float = 0.5) -> Curves:
    learner = np.column_stack([np.arange(60.0), *(np.full(60, value) for value in (1, 2, 3, q_mean, 5, 6, 7))])
    return Curves(learner, np.array([[0.0, 0.5, 0.2, 0.8, 0.1], [1.0, 0.6, 0.3, 0.9, 0.0]]))


def test_each_curve_shows_its_column(page: LearningPage) -> None:
    page.set_curves(curves())
    names = ("critic_loss", "actor_loss", "bc_loss", "q_mean", "entropy", "temperature", "updates_per_s")
    for name, value in zip(names, (1, 2, 3, 0.5, 5, 6, 7), strict=True):
        assert page.plots.line(name)[1, -1] == value
    assert [page.plots.line(name)[1, 1] for name in ("rate", "low", "high", "interventions")] == [0.6, 0.3, 0.9, 0.0]


def minutes(page: LearningPage) -> list[list[float]]:
    return [plot.viewRange()[0] for plot in page.plots._plots]


def test_all_plots_move_together_and_a_span_shows_the_newest_minutes(page: LearningPage, qtbot: QtBot) -> None:
    page.set_curves(curves())  # to minute 59
    assert minutes(page) == [pytest.approx([0.0, 59.6], abs=0.1)] * 6  # 10 * 1.25 ** 8
    qtbot.keyClick(page.plots.span, Qt.Key.Key_End)  # last 5 minutes
    qtbot.keyClick(page.plots.span, Qt.Key.Key_Return)
    assert minutes(page) == [pytest.approx([54.0, 59.0])] * 6


def test_new_points_do_not_undo_what_the_wheel_did_until_the_list_is_used(page: LearningPage, qtbot: QtBot) -> None:
    page.set_curves(curves())
    first = page.plots._plots[0]
    first.setXRange(10.0, 20.0, padding=0)
    first.getViewBox().sigRangeChangedManually.emit([True, True])
    page.set_curves(curves())
    assert minutes(page) == [pytest.approx([10.0, 20.0])] * 6
    page.plots.span.activated.emit(0)
    assert minutes(page) == [pytest.approx([0.0, 59.6], abs=0.1)] * 6


def test_the_plot_of_q_always_shows_what_is_possible_and_grows_with_q(page: LearningPage) -> None:
    page.set_curves(curves(0.5))
    assert page.plots._plots[0].viewRange()[1] == pytest.approx([-0.05, 1.05])
    page.set_curves(curves(3.0))
    assert page.plots._plots[0].viewRange()[1] == pytest.approx([-0.05, 3.05])


def test_empty_curves_and_nan_are_shown_as_nothing(page: LearningPage) -> None:
    page.plots.span.activated.emit(0)
    page.set_curves(Curves(np.empty((0, 8)), np.empty((0, 5))))
    page.set_curves(curves(float("nan")))
    assert page.plots._plots[0].viewRange()[1] == pytest.approx([-0.05, 1.05])


def test_the_gate_shows_what_is_missing_in_amber(page: LearningPage) -> None:
    page.set_gate(Gate((Condition("updates", "5", "at least 1", True), Condition("mean Q", "0.9", "0.3", False))))
    assert page.gate.verdict.text() == "Not ready for stage 2: mean Q"
    assert [label[2].text() for label in page.gate.lines] == ["5", "0.9; needs 0.3"]
    assert [label[0].property("tone") for label in page.gate.lines] == ["good", "warn"]


def test_a_failed_learner_is_red(page: LearningPage) -> None:
    page.set_headline(("FAILED: open_drawer", "bad"))
    page.set_detail("NaN loss")
    assert (page.headline.text(), page.headline.property("tone")) == ("FAILED: open_drawer", "bad")
    assert page.detail.isVisible()


def test_setting_the_form_tells_nobody(page: LearningPage, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(page.controls.choice_changed):
        page.set_form(FORM)
        page.set_form(replace(FORM, task="open_drawer", model_hash="h2", seed=9))
    controls = page.controls
    assert (controls.task.currentText(), controls.model.currentText(), controls.seed.value()) == (
        "open_drawer",
        "#2",
        9,
    )


def test_choices_are_told(page: LearningPage, qtbot: QtBot) -> None:
    page.set_form(FORM)
    told: list[tuple[str, object]] = []
    page.on_choice(lambda name, value: told.append((name, value)))
    qtbot.keyClick(page.controls.task, Qt.Key.Key_Up)
    qtbot.keyClick(page.controls.model, Qt.Key.Key_Up)
    qtbot.keyClick(page.controls.seed, Qt.Key.Key_Up)
    assert told == [("task", "open_drawer"), ("model_hash", "h2"), ("seed", 5)]


def test_buttons_work_only_without_an_obstacle_and_say_it(page: LearningPage, qtbot: QtBot) -> None:
    page.set_form(FORM)
    calls: list[str] = []
    page.on_start(lambda: calls.append("start"))
    page.on_finish(lambda: calls.append("finish"))
    qtbot.mouseClick(page.controls.finish, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.controls.start, Qt.MouseButton.LeftButton)
    assert calls == ["start"]
    assert page.controls.finish.toolTip() == "no stage 1 is under way"


def test_a_question_is_asked_without_blocking(page: LearningPage, qtbot: QtBot) -> None:
    reasons: list[str] = []
    ask: Callable[[Question, Callable[[str], None]], None] = page.confirm
    ask(Question("Finish?", "it ends", "Finish"), reasons.append)
    dialog = page.findChild(ConfirmDialog)
    assert isinstance(dialog, ConfirmDialog)
    with qtbot.waitSignal(dialog.finished):
        dialog.yes.click()
    assert reasons == [""]
