"""The question: keyboard only, the careful answer first, a reason where one is needed."""

from __future__ import annotations

from typing import Any

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from irevla.app.models.question import Question
from irevla.app.views.confirm_dialog import ConfirmDialog
from irevla.app.views.key_filter import KeyFilter
from irevla.config.dashboard import KeySettings

PLAIN = Question("Promote #5?", "in place of #3", "Promote", "optional")
RISKY = Question("Not promoted", "0 pairs", "Promote anyway", "needed", is_risky=True)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


def opened(qtbot: QtBot, window: QWidget, question: Question) -> tuple[ConfirmDialog, list[str]]:
    dialog, reasons = ConfirmDialog(question, window), []
    dialog.confirmed.connect(reasons.append)
    dialog.open()
    qtbot.waitUntil(dialog.isVisible)
    dialog.activateWindow()
    return dialog, reasons


@pytest.mark.parametrize("place", ["no", "reason"])
def test_return_alone_leaves_everything_as_it_is(qtbot: QtBot, window: QWidget, place: str) -> None:
    dialog, reasons = opened(qtbot, window, PLAIN)
    with qtbot.waitSignal(dialog.finished):
        qtbot.keyClick(getattr(dialog, place), Qt.Key.Key_Return)
    assert reasons == []


def test_tab_and_space_confirm_with_the_reason(qtbot: QtBot, window: QWidget) -> None:
    dialog, reasons = opened(qtbot, window, PLAIN)
    qtbot.keyClicks(dialog.reason, "  better on the drawer ")
    with qtbot.waitSignal(dialog.finished):
        qtbot.keyClick(dialog.yes, Qt.Key.Key_Space)
    assert reasons == ["better on the drawer"]


def test_a_needed_reason_must_be_written(qtbot: QtBot, window: QWidget) -> None:
    dialog, reasons = opened(qtbot, window, RISKY)
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(dialog.reason, "   ")
    assert not dialog.yes.isEnabled()
    qtbot.keyClicks(dialog.reason, "it must run")
    with qtbot.waitSignal(dialog.finished):
        qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    assert reasons == ["it must run"]


def test_the_hold_key_holds_the_arm_and_leaves_the_question_open(qtbot: QtBot, window: QWidget) -> None:
    keys = KeyFilter(KeySettings().model_dump())
    commands: list[str] = []
    keys.command_requested.connect(commands.append)
    application: Any = QApplication.instance()
    application.installEventFilter(keys)
    try:
        dialog, reasons = opened(qtbot, window, RISKY)
        qtbot.keyClick(dialog.reason, Qt.Key.Key_Escape)
        assert commands == ["hold"]
        assert dialog.isVisible() and reasons == []
        with qtbot.waitSignal(dialog.finished):
            dialog.no.click()
    finally:
        application.removeEventFilter(keys)
