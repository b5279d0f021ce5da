"""Hold is one press, resume is two, and a held arm cannot be overlooked."""

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from irevla.app.views import header as header_module
from irevla.app.views.header import Header

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(name="header")
def fixture_header(qtbot: QtBot) -> Header:
    header = Header("Escape")
    qtbot.addWidget(header)
    header.set_hold("")
    header.show()
    qtbot.waitExposed(header)
    return header


def test_one_press_holds(header: Header, qtbot: QtBot) -> None:
    with qtbot.waitSignal(header.hold_requested, timeout=1000):
        qtbot.mousePress(header.hold_button, LEFT)


def test_a_held_arm_is_said_and_framed(header: Header) -> None:
    assert not header.resume_button.isVisible()
    header.set_hold("silence")
    assert header.hold_reason.text() == "held: silence"
    assert header.property("state") == "held"
    assert header.resume_button.isVisible()
    header.set_hold("")
    assert header.property("state") == ""
    assert not header.hold_reason.isVisible()


def test_resume_takes_two_presses(header: Header, qtbot: QtBot) -> None:
    header.set_hold("silence")
    with qtbot.assertNotEmitted(header.resume_requested):
        qtbot.mouseClick(header.resume_button, LEFT)
    with qtbot.waitSignal(header.resume_requested, timeout=1000):
        qtbot.mouseClick(header.resume_button, LEFT)


def test_the_first_press_of_resume_is_forgotten(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(header_module, "ARMED_MS", 10)
    header = Header("Escape")
    qtbot.addWidget(header)
    header.set_hold("silence")
    qtbot.mouseClick(header.resume_button, LEFT)
    qtbot.waitUntil(lambda: header.resume_button.text() == "resume", timeout=2000)
    with qtbot.assertNotEmitted(header.resume_requested):
        qtbot.mouseClick(header.resume_button, LEFT)


def test_an_empty_task_leaves_no_gap(header: Header) -> None:
    header.set_task("")
    assert not header.task.isVisible()
    header.set_task("press the button")
    assert header.task.isVisible()
