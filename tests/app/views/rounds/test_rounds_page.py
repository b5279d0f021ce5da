"""The Rounds page, with real widgets: both directions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from irevla.app.graph.fake.lineage import FakeLineage, model_hash
from irevla.app.graph.records import Evaluation, Lineage
from irevla.app.graph.requests import ListModels
from irevla.app.models.rounds.comparison import NO_COMPARISON, CompareForm, CompareStatus
from irevla.app.models.rounds.lineage_board import cards, details, history
from irevla.app.models.rounds.lineage_book import LineageBook
from irevla.app.models.rounds.round_job import LossCurve, RoundStatus
from irevla.app.models.rounds.round_plan import RoundForm
from irevla.app.views.rounds.rounds_page import RoundsPage
from irevla.app.views.rounds.success_bar import SuccessBar
from irevla.app.views.theme import DARK

TRAIN = RoundForm(
    stage=2,
    parent="#4",
    round_id="stage2-x",
    steps=0,
    usual_steps=1800,
    seed=1,
    tasks=(("open_drawer", 3, True), ("press_button", 2, True)),
    expert="180 demonstrations",
    online="5 successes",
    where="local",
    cluster="",
    note="",
    obstacle="",
)
COMPARE = CompareForm(
    models=(("h2", "#2"), ("h1", "#1")),
    old_hash="h1",
    new="#2",
    tasks=(("open_drawer", True), ("press_button", False)),
    pairs=10,
    first_seed=0,
    size="20 episodes",
    obstacle="",
)


def book() -> LineageBook:
    answer = FakeLineage().answer(ListModels(), 0.0)
    assert answer is not None and isinstance(answer.result, Lineage)
    return LineageBook(answer.result)


@pytest.fixture
def page(qtbot: QtBot) -> RoundsPage:
    page = RoundsPage(DARK)
    qtbot.addWidget(page)
    page.resize(1100, 600)
    page.set_empty("")
    page.set_cards(cards(book()))
    page.show()
    return page


def words(page: RoundsPage, number: int) -> list[str]:
    return [label.text() for label in page.board.cards[number - 1].findChildren(QLabel)]


def test_a_card_shows_badge_evaluations_and_a_missing_directory(page: RoundsPage) -> None:
    assert {"#6 stage 2", "promoted", "18/20"} <= set(words(page, 6))
    assert "directory is missing" in words(page, 5)
    assert "promoted" not in words(page, 3)
    assert "not evaluated yet" in words(page, 7)


def test_a_click_selects(page: RoundsPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.board.selected) as told:
        qtbot.mouseClick(page.board.cards[2], Qt.MouseButton.LeftButton)
    assert told.args == [model_hash(3)]


def test_arrow_keys_select(page: RoundsPage, qtbot: QtBot) -> None:
    page.set_selected(model_hash(6))
    with qtbot.waitSignal(page.board.selected) as told:
        qtbot.keyClick(page.board._canvas, Qt.Key.Key_Right)
    assert told.args == [model_hash(7)]
    marked = [card.model_hash for card in page.board.cards if card.property("selected")]
    assert marked == [model_hash(6)]  # the view waits for the controller


def test_new_cards_keep_the_mark_and_leave_none_of_the_old(page: RoundsPage, qtbot: QtBot) -> None:
    page.set_selected(model_hash(2))
    page.set_cards(cards(book())[:3])
    assert [card.property("selected") for card in page.board.cards] == [False, True, False]
    old = len(page.board._canvas.children())
    qtbot.waitUntil(lambda: len(page.board._canvas.children()) <= 3, timeout=2000)
    assert old >= 3


def test_without_a_model_the_board_says_what_to_do(page: RoundsPage) -> None:
    page.set_empty("no model yet")
    assert page.board._empty.isVisible() and page.board._empty.text() == "no model yet"


def test_details_show_the_model_and_its_buttons(page: RoundsPage, qtbot: QtBot) -> None:
    page.set_details(details(book(), model_hash(6)))
    page.set_promote("")
    page.set_roll_back("Roll back to #3")
    assert page.model.title.text() == "#6 stage 2"
    assert page.model.badge.isVisible()
    assert not page.model.promote.isEnabled()
    with qtbot.waitSignal(page.model.roll_back_requested):
        qtbot.mouseClick(page.model.roll_back, Qt.MouseButton.LeftButton)
    page.set_promote("Promote #7")
    with qtbot.waitSignal(page.model.promote_requested):
        qtbot.keyClick(page.model.promote, Qt.Key.Key_Space)
    assert len(page.model.findChildren(SuccessBar)) == 3


def test_history_is_listed(page: RoundsPage) -> None:
    page.set_history(history(book()))
    item = page.promotions.item(0, 2)
    assert page.promotions.rowCount() == 3
    assert item is not None and item.text() == "ben: the drawer opens"


def test_refresh_is_told(page: RoundsPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.refresh_requested):
        page.refresh.click()


def test_tabs_tell_what_runs(page: RoundsPage) -> None:
    page.set_jobs((0.424, True))
    assert [page.tabs.tabText(tab) for tab in (1, 2)] == ["&Train 42 %", "Com&pare …"]
    page.set_jobs((None, False))
    assert [page.tabs.tabText(tab) for tab in (1, 2)] == ["&Train", "Com&pare"]


def test_a_round_can_be_sent_to_the_cluster_that_the_settings_name(page: RoundsPage) -> None:
    tab, said = page.training, list[tuple[str, object]]()
    tab.on_choice(lambda field, value: said.append((field, value)))
    tab.set_form(TRAIN)
    assert [tab.where.itemText(index) for index in range(tab.where.count())] == ["this machine"]
    tab.set_form(replace(TRAIN, cluster="ray://box:10001", where="remote"))
    assert tab.where.currentText() == "the cluster ray://box:10001"
    tab.where.activated.emit(0)
    assert said == [("where", "local")]


def test_the_training_form_shows_and_tells(page: RoundsPage, qtbot: QtBot) -> None:
    page.tabs.setCurrentIndex(1)
    tab = page.training
    told: list[tuple[str, object]] = []
    tab.on_choice(lambda name, value: told.append((name, value)))
    tab.set_form(TRAIN)
    assert told == []
    assert tab.steps.text() == "as configured: 1,800"
    assert tab.online.isVisible()
    qtbot.keyClicks(tab.round_id, "y")
    tab.steps.setValue(500)
    qtbot.keyClick(tab.tasks, Qt.Key.Key_Space)
    qtbot.keyClick(tab.stage, Qt.Key.Key_Up)
    assert told == [
        ("round_id", "stage2-xy"),
        ("steps", 500),
        ("left_out", frozenset({"open_drawer"})),
        ("stage", 0),
    ]
    tab.set_form(replace(TRAIN, stage=0, obstacle="D_e is empty"))
    assert not tab.online.isVisible() and not tab.start.isEnabled()
    assert tab.obstacle.text() == "D_e is empty"


def test_a_running_round_shows_progress_and_can_be_cancelled_then_resumed(page: RoundsPage, qtbot: QtBot) -> None:
    page.tabs.setCurrentIndex(1)
    tab = page.training
    tab.set_form(TRAIN)
    tab.set_status(RoundStatus("step 450", "", 0.25, True, False))
    tab.set_curve(LossCurve(np.array([[10.0, 0.3], [20.0, 0.2]])))
    assert (tab.progress.text(), tab.choices.isVisible(), tab.resume.isVisible()) == ("25 %", False, False)
    with qtbot.waitSignal(tab.cancel_requested):
        tab.cancel.click()
    tab.set_status(RoundStatus("cancelled", "", 0.25, False, True))
    assert tab.choices.isVisible() and not tab.cancel.isVisible()
    with qtbot.waitSignal(tab.resume_requested):
        tab.resume.click()
    with qtbot.waitSignal(tab.start_requested):
        tab.start.click()


def test_after_a_round_the_next_one_can_begin_without_scrolling(page: RoundsPage) -> None:
    page.resize(1080, 540)
    page.tabs.setCurrentIndex(1)
    tab = page.training
    tab.set_form(replace(TRAIN, stage=0))
    tab.set_status(RoundStatus("step 450", "", 0.25, True, False))
    tab.set_status(
        RoundStatus("stage0-20260730-101500 is done after 21 s: /home/anna/models", "good", 1.0, False, False)
    )
    assert tab.plot.isVisible()
    assert tab.heightForWidth(tab.width()) <= page.tabs.height() - page.tabs.tabBar().height()  # type: ignore[union-attr]


def test_the_comparison_form_shows_and_tells(page: RoundsPage, qtbot: QtBot) -> None:
    page.tabs.setCurrentIndex(2)
    tab = page.comparison
    told: list[tuple[str, object]] = []
    tab.on_choice(lambda name, value: told.append((name, value)))
    tab.set_form(COMPARE)
    tab.set_status(NO_COMPARISON)
    assert told == []
    qtbot.keyClick(tab.old, Qt.Key.Key_Up)
    tab.pairs.setValue(7)
    tab.tasks.setCurrentRow(1)
    qtbot.keyClick(tab.tasks, Qt.Key.Key_Space)
    assert told == [("old_hash", "h2"), ("pairs", 7), ("tasks", frozenset({"open_drawer", "press_button"}))]
    with qtbot.waitSignal(tab.start_requested):
        tab.start.click()


def test_a_result_is_shown_as_two_bars_a_task(page: RoundsPage) -> None:
    page.tabs.setCurrentIndex(2)
    tab = page.comparison
    tab.set_form(COMPARE)
    rows = (("open_drawer", Evaluation("open_drawer", 2, 10), Evaluation("open_drawer", 8, 10)),)
    tab.set_status(CompareStatus("20 episodes", 1.0, False, ("#1 a", "#2 b"), rows, "1 to 7", "#2 may pass", "good"))
    shown = [label.text() for label in tab.table.findChildren(QLabel)]
    assert "8 of 10 = 80 % (49–94)" in shown and "old #1" in shown and "new #2" in shown
    assert len(tab.table.findChildren(SuccessBar)) == 2
    assert (tab.verdict.text(), tab.verdict.property("tone")) == ("#2 may pass", "good")
    assert tab.verdict.isVisible() and not tab.cancel.isVisible()
