"""The Demonstrations page as real widgets, in both directions."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from irevla.app.models.demonstrations import Steering, TaskCount
from irevla.app.models.episode_desk import Controls
from irevla.app.views.demonstrations.demonstrations import Demonstrations
from irevla.app.views.demonstrations.task_table import COLUMNS
from irevla.app.views.theme import DARK
from irevla.config.dashboard import KeySettings
from irevla.config.teleop.motion_keys import MOTION_KEYS

COUNTS = (
    TaskCount("pick_red_block", 12, 3, 1, 2, 20),
    TaskCount("press_button", None, None, None, 0, 30),
    TaskCount("open_drawer", 25, 0, 0, 0, 20),
)


@pytest.fixture(name="page")
def fixture_page(qtbot: QtBot) -> Demonstrations:
    page = Demonstrations(KeySettings().model_dump(), DARK)
    qtbot.addWidget(page)
    page.resize(1060, 560)
    page.set_counts(COUNTS)
    page.show()
    return page


def row(page: Demonstrations, number: int) -> list[str]:
    model = page.tasks.model()
    assert model is not None
    return [str(model.index(number, column).data()) for column in range(len(COLUMNS))]


def test_the_table_shows_what_there_is_and_what_was_not_counted(page: Demonstrations) -> None:
    assert row(page, 0) == ["pick_red_block", "12 of 20", "3", "1", "+2"]
    assert row(page, 1) == ["press_button", "? of 30", "?", "?", ""]
    page.set_counts((TaskCount("pick_red_block", 13, 3, 1, 3, 20), *COUNTS[1:]))
    assert row(page, 0) == ["pick_red_block", "13 of 20", "3", "1", "+3"]
    assert not page.grab().isNull()  # the bars are drawn, a full one too


def test_a_row_is_chosen_with_the_arrow_keys_and_shown_without_an_echo(page: Demonstrations, qtbot: QtBot) -> None:
    chosen: list[str] = []
    page.on_chosen(chosen.append)
    page.set_chosen("press_button")
    assert chosen == []
    assert page.tasks.currentIndex().row() == 1
    qtbot.keyClick(page.tasks, Qt.Key.Key_Down)
    assert chosen == ["open_drawer"]


def test_counting_leaves_the_chosen_row_alone(page: Demonstrations) -> None:
    page.set_chosen("open_drawer")
    page.set_counts((TaskCount("pick_red_block", 99, 3, 1, 2, 20), *COUNTS[1:]))
    assert page.tasks.currentIndex().row() == 2


def test_the_target_is_shown_and_told(page: Demonstrations, qtbot: QtBot) -> None:
    told: list[int] = []
    page.on_target(told.append)
    page.set_target(30)
    assert (page.target.value(), told) == (30, [])
    page.target.selectAll()
    qtbot.keyClicks(page.target, "45")
    qtbot.keyClick(page.target, Qt.Key.Key_Return)
    assert told == [45]


def test_buttons_and_redo_are_commands(page: Demonstrations, qtbot: QtBot) -> None:
    asked: list[str] = []
    page.on_command(asked.append)
    page.set_controls(Controls("record", can_go=True, can_stop=False, can_label=False, can_undo=False))
    page.set_can_redo(True)
    assert page.commands.buttons["go"].text() == "record\nReturn"
    qtbot.mouseClick(page.commands.buttons["go"], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.redo, Qt.MouseButton.LeftButton)
    page.set_can_redo(False)
    qtbot.mouseClick(page.redo, Qt.MouseButton.LeftButton)
    assert asked == ["go", "redo"]


def test_every_key_that_steers_is_on_the_map(page: Demonstrations) -> None:
    caps = {label.text() for label in page.steering.keys.findChildren(QLabel) if label.property("role") == "key"}
    assert caps == {*MOTION_KEYS, "space"}


def test_what_steers_is_shown_with_its_axes_and_its_trouble(page: Demonstrations) -> None:
    page.set_steering(Steering("gamepad: Xbox (steers)", (0.5, 0.0, 0.0, 0.0, 0.0, -2.0), False, ""))
    card = page.steering
    assert [bar.value for bar in card.keys.bars] == [0.5, 0.0, 0.0, 0.0, 0.0, -2.0]
    assert (card.devices.text(), card.keys.gripper.text()) == ("gamepad: Xbox (steers)", "closed")
    assert card.detail.isHidden()
    page.set_steering(Steering("no device is plugged in", detail="the gamepad was unplugged: the arm stands still"))
    assert card.detail.isVisible()
    assert card.detail.property("tone") == "warn"
    assert not page.grab().isNull()


def test_a_store_that_cannot_be_counted_is_said(page: Demonstrations) -> None:
    page.set_trouble("the store was not counted: no answer")
    assert page.trouble.isVisible()
    page.set_trouble("")
    assert page.trouble.isHidden()


def test_the_page_fits_the_smallest_window(page: Demonstrations) -> None:
    assert page.minimumSizeHint().height() <= 560
    assert page.minimumSizeHint().width() <= 1060
