"""The panel, the plan's editor and the confirmation as real widgets, in both directions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from irevla.app.models.episode_desk import Controls, Flash
from irevla.app.models.plan import Plan
from irevla.app.views.episode.episode_panel import EpisodePanel
from irevla.app.views.theme import DARK
from irevla.config.dashboard import KeySettings

KEYS = KeySettings()
TASKS = {"pick_red_block": "pick up the red block", "press_button": "press the button"}
PLAN = Plan("press_button", "push it", "teleop", "demo", True, 41, 30)
ALL = Controls("start", can_go=True, can_stop=True, can_label=True, can_undo=True)


@pytest.fixture(name="panel")
def fixture_panel(qtbot: QtBot) -> EpisodePanel:
    panel = EpisodePanel(KEYS.model_dump(), TASKS, 60, DARK, QLabel("guide"))
    qtbot.addWidget(panel)
    panel.show()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    return panel


def plans_of(panel: EpisodePanel) -> list[Plan]:
    plans: list[Plan] = []
    panel.on_plan(plans.append)
    return plans


@pytest.mark.parametrize("command", ["go", "stop", "success", "failure", "discard", "undo"])
def test_each_button_is_its_command_and_shows_its_key(command: str, panel: EpisodePanel, qtbot: QtBot) -> None:
    asked: list[str] = []
    panel.on_command(asked.append)
    panel.set_controls(ALL)
    button = panel.commands.buttons[command]
    key = getattr(KEYS, command)
    assert button.text().endswith(f"\n{key}")
    assert f"({key})" in button.toolTip()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == [command]


def test_a_clicked_button_takes_no_keyboard(panel: EpisodePanel, qtbot: QtBot) -> None:
    asked: list[str] = []
    panel.on_command(asked.append)
    panel.set_controls(ALL)
    panel.plan.explore.setFocus()
    qtbot.mouseClick(panel.commands.buttons["success"], Qt.MouseButton.LeftButton)
    assert panel.plan.explore.hasFocus()
    assert asked == ["success"]


def test_buttons_that_mean_nothing_now_are_off(panel: EpisodePanel) -> None:
    panel.set_controls(Controls("start", can_go=False, can_stop=True, can_label=False, can_undo=False))
    assert [name for name, button in panel.commands.buttons.items() if button.isEnabled()] == ["stop"]
    panel.set_controls(Controls("confirm", can_go=True, can_stop=False, can_label=True, can_undo=True))
    assert not panel.commands.buttons["stop"].isEnabled()
    assert panel.commands.buttons["go"].text() == "confirm\nReturn"


def test_a_plan_is_shown_and_showing_it_edits_nothing(panel: EpisodePanel) -> None:
    plans = plans_of(panel)
    panel.set_plan(PLAN)
    editor = panel.plan
    assert editor.task.currentText() == "press_button"
    assert editor.instruction.text() == "push it"
    assert editor.instruction.placeholderText() == "press the button"
    assert (editor.mode.currentText(), editor.kind.currentText()) == ("teleop", "demo")
    assert (editor.explore.isChecked(), editor.seed.value(), editor.max_steps.value()) == (True, 41, 30)
    panel.set_plan(replace(PLAN, max_steps=0))
    assert editor.max_steps.text() == "default 60"
    assert plans == []


def test_typed_words_and_numbers_become_the_plan_and_the_keyboard_is_given_back(
    panel: EpisodePanel, qtbot: QtBot
) -> None:
    plans = plans_of(panel)
    panel.set_plan(Plan("pick_red_block"))
    editor = panel.plan
    editor.instruction.setFocus()
    qtbot.keyClicks(editor.instruction, " lift it ")
    assert plans == []  # not before it is finished
    qtbot.keyClick(editor.instruction, Qt.Key.Key_Return)
    editor.seed.setFocus()
    editor.seed.selectAll()
    qtbot.keyClicks(editor.seed, "17")
    qtbot.keyClick(editor.seed, Qt.Key.Key_Return)
    assert plans == [Plan("pick_red_block", "lift it"), Plan("pick_red_block", "lift it", seed=17)]
    assert not editor.seed.hasFocus()
    assert not editor.instruction.hasFocus()


def test_a_choice_becomes_the_plan_and_gives_the_keyboard_back(panel: EpisodePanel, qtbot: QtBot) -> None:
    plans = plans_of(panel)
    panel.set_plan(Plan("pick_red_block"))
    mode = panel.plan.mode
    mode.setFocus()
    qtbot.keyClick(mode, Qt.Key.Key_Down)
    qtbot.keyClick(mode, Qt.Key.Key_Return)
    assert plans == [Plan("pick_red_block", mode="teleop")]
    assert not mode.hasFocus()
    mode.setFocus()
    mode.showPopup()
    mode.hidePopup()
    assert not mode.hasFocus()


def test_words_that_are_being_typed_survive_what_is_shown_meanwhile(panel: EpisodePanel, qtbot: QtBot) -> None:
    panel.set_plan(Plan("pick_red_block"))
    panel.plan.instruction.setFocus()
    qtbot.keyClicks(panel.plan.instruction, "lift")
    panel.set_plan(Plan("pick_red_block", seed=1))
    assert panel.plan.instruction.text() == "lift"


def test_explore_and_the_switch_tell_and_do_not_echo(panel: EpisodePanel, qtbot: QtBot) -> None:
    plans, switched = plans_of(panel), list[bool]()
    panel.on_next_by_itself(switched.append)
    panel.set_next_by_itself(True)
    assert panel.next_by_itself.isChecked()
    assert switched == []
    panel.next_by_itself.click()
    panel.plan.explore.click()
    assert (switched, [plan.explore for plan in plans]) == ([False], [True])


def test_the_flash_covers_the_situation_in_its_colour_and_goes_again(panel: EpisodePanel) -> None:
    panel.set_situation("did it work?")
    panel.set_hint("time is up")
    panel.set_flash(Flash("good", "SUCCESS saved"))
    confirmation = panel.confirmation
    assert confirmation.flash.isVisible()
    assert not confirmation.situation.isVisible()
    assert (confirmation.flash.text(), confirmation.property("role")) == ("SUCCESS saved", "good")
    panel.set_flash(None)
    assert confirmation.situation.isVisible()
    assert (confirmation.situation.text(), confirmation.hint.text()) == ("did it work?", "time is up")
    assert confirmation.property("role") == ""


def test_a_field_with_the_keyboard_is_said(panel: EpisodePanel, qtbot: QtBot) -> None:
    other = QWidget(panel)
    other.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    other.show()
    panel.plan.seed.setFocus()
    qtbot.waitUntil(panel.typing.isVisible)
    other.setFocus()
    qtbot.waitUntil(panel.typing.isHidden)


def test_the_last_times_are_shown(panel: EpisodePanel) -> None:
    panel.set_last("labelled after 1.8 s")
    assert panel.last.text() == "labelled after 1.8 s"
