"""Real key events, through the window's own queue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtGui import QKeyEvent, QKeySequence, QShortcut, QWindow
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QComboBox, QDialog, QLineEdit, QPushButton, QSpinBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from irevla.app.models.hands import Hands
from irevla.app.views.key_filter import KeyFilter, key_code
from irevla.config.dashboard import KeySettings
from irevla.config.errors import UnknownNameError

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
KEYPAD = Qt.KeyboardModifier.KeypadModifier


class Beside(QWidget):
    """A window with a button, a field and a shortcut."""

    def __init__(self) -> None:
        super().__init__()
        self.button, self.line, self.number, self.choice = QPushButton("go on"), QLineEdit(), QSpinBox(), QComboBox()
        self.choice.addItems(("one", "two"))
        column = QVBoxLayout(self)
        for widget in (self.button, self.line, self.number, self.choice):
            column.addWidget(widget)
        self.clicks: list[str] = []
        self.button.clicked.connect(lambda: self.clicks.append("button"))
        shortcut = QShortcut(QKeySequence("F5"), self)
        shortcut.activated.connect(lambda: self.clicks.append("F5"))


@dataclass
class Keys:
    """The filter on the application, and what it said."""

    qtbot: QtBot
    window: Beside
    filter: KeyFilter
    hands: Hands
    commands: list[str] = field(default_factory=list)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyPress(handle(self.window), key, modifier)

    def release(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyRelease(handle(self.window), key, modifier)

    def click(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.press(key, modifier)
        self.release(key, modifier)

    def focus(self, widget: QWidget) -> None:
        widget.setFocus()
        self.qtbot.waitUntil(widget.hasFocus)


def handle(widget: QWidget) -> QWindow:
    found = widget.window().windowHandle()  # type: ignore[union-attr]
    assert found is not None
    return found


def install(qtbot: QtBot, settings: KeySettings) -> Keys:
    window = Beside()
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    keys = Keys(qtbot, window, KeyFilter(settings.model_dump(), window), Hands("kim"))
    keys.filter.command_requested.connect(keys.commands.append)
    keys.filter.pressed.connect(keys.hands.press)
    keys.filter.released.connect(keys.hands.release)
    keys.filter.let_go.connect(keys.hands.let_go)
    application().installEventFilter(keys.filter)
    keys.focus(window.button)
    return keys


def application() -> QApplication:
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    return found


@pytest.fixture(name="keys")
def fixture_keys(qtbot: QtBot) -> Iterator[Keys]:
    keys = install(qtbot, KeySettings())
    yield keys
    application().removeEventFilter(keys.filter)


@pytest.mark.parametrize(
    ("key", "command"),
    [
        (Qt.Key.Key_Escape, "hold"),
        (Qt.Key.Key_Return, "go"),
        (Qt.Key.Key_Backspace, "stop"),
        (Qt.Key.Key_1, "success"),
        (Qt.Key.Key_2, "failure"),
        (Qt.Key.Key_3, "discard"),
        (Qt.Key.Key_0, "undo"),
    ],
)
def test_each_key_is_its_command_once(key: Qt.Key, command: str, keys: Keys) -> None:
    keys.click(key)
    assert keys.commands == [command]
    assert keys.window.clicks == []


def test_the_keypads_enter_and_digits_are_the_same_keys(keys: Keys) -> None:
    keys.click(Qt.Key.Key_Enter, KEYPAD)
    keys.click(Qt.Key.Key_1, KEYPAD)
    assert keys.commands == ["go", "success"]


def test_a_held_key_does_not_repeat_its_command(keys: Keys) -> None:
    keys.press(Qt.Key.Key_1)
    for _ in range(3):
        application().postEvent(
            handle(keys.window),
            QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_1, Qt.KeyboardModifier.NoModifier, "1", autorep=True),
        )
    application().processEvents()
    assert keys.commands == ["success"]


@pytest.mark.parametrize("name", ["line", "number", "choice"])
def test_digits_typed_into_a_field_label_nothing(name: str, keys: Keys) -> None:
    keys.focus(getattr(keys.window, name))
    keys.click(Qt.Key.Key_1)
    keys.click(Qt.Key.Key_0)
    assert keys.commands == []


def test_a_field_gets_what_is_typed_even_while_the_arm_is_steered(keys: Keys) -> None:
    keys.filter.is_steering = True
    keys.focus(keys.window.line)
    for key in (Qt.Key.Key_W, Qt.Key.Key_1, Qt.Key.Key_Space):
        keys.click(key)
    assert keys.window.line.text() == "w1 "
    assert not keys.hands.input().takes_over
    assert keys.hands.input().gripper_presses == 0


def test_hold_works_while_a_field_has_the_keyboard(keys: Keys) -> None:
    keys.focus(keys.window.line)
    keys.click(Qt.Key.Key_Escape)
    assert keys.commands == ["hold"]


@pytest.mark.parametrize("modifier", [SHIFT, CONTROL, KEYPAD])
def test_hold_works_with_any_modifier_and_a_label_with_none(modifier: Qt.KeyboardModifier, keys: Keys) -> None:
    keys.click(Qt.Key.Key_Escape, modifier)
    keys.click(Qt.Key.Key_1, modifier)
    assert keys.commands == (["hold", "success"] if modifier == KEYPAD else ["hold"])


def test_in_a_dialog_hold_works_and_nothing_else(keys: Keys) -> None:
    dialog = QDialog(keys.window)
    dialog.setModal(True)
    dialog.show()
    keys.qtbot.waitUntil(dialog.isActiveWindow)
    keys.filter.is_steering = True
    for key in (Qt.Key.Key_1, Qt.Key.Key_W, Qt.Key.Key_Escape):
        QTest.keyPress(handle(dialog), key)
    assert keys.commands == ["hold"]
    assert not keys.hands.input().takes_over
    assert dialog.isVisible()
    dialog.close()


def test_a_pedal_on_a_page_key_comes_before_the_page(qtbot: QtBot) -> None:
    keys = install(qtbot, KeySettings(hold="F5"))
    keys.click(Qt.Key.Key_F5)
    assert (keys.commands, keys.window.clicks) == (["hold"], [])
    application().removeEventFilter(keys.filter)
    keys.click(Qt.Key.Key_F5)
    assert keys.window.clicks == ["F5"]


def test_motion_keys_steer_only_when_they_shall(keys: Keys) -> None:
    keys.press(Qt.Key.Key_W)
    assert not keys.hands.input().takes_over
    keys.release(Qt.Key.Key_W)
    keys.filter.is_steering = True
    keys.press(Qt.Key.Key_W)
    keys.click(Qt.Key.Key_Space)
    held = keys.hands.input()
    assert (held.axes[0], held.gripper_presses) == (1.0, 1)
    assert keys.window.clicks == []  # the space bar pressed no button
    keys.release(Qt.Key.Key_W)
    assert not keys.hands.input().takes_over


def test_the_first_of_many_repeats_is_the_only_press(keys: Keys) -> None:
    keys.filter.is_steering = True
    for autorepeat in (False, True, True):
        event = QKeyEvent(
            QEvent.Type.KeyPress, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ", autorep=autorepeat
        )
        application().sendEvent(keys.window.button, event)
    assert keys.hands.input().gripper_presses == 1


@pytest.mark.parametrize("modifier", [SHIFT, CONTROL])
def test_a_key_let_go_with_a_modifier_is_let_go(modifier: Qt.KeyboardModifier, keys: Keys) -> None:
    keys.filter.is_steering = True
    keys.press(Qt.Key.Key_W)
    keys.release(Qt.Key.Key_W, modifier)
    assert not keys.hands.input().takes_over


def test_a_key_let_go_in_a_field_is_let_go(keys: Keys) -> None:
    keys.filter.is_steering = True
    keys.press(Qt.Key.Key_W)
    keys.focus(keys.window.line)
    keys.release(Qt.Key.Key_W)
    assert not keys.hands.input().takes_over


def test_a_key_let_go_when_nothing_is_steered_any_more_is_let_go(keys: Keys) -> None:
    keys.filter.is_steering = True
    keys.press(Qt.Key.Key_W)
    keys.filter.is_steering = False
    keys.release(Qt.Key.Key_W)
    assert not keys.hands.input().takes_over


def test_losing_the_keyboard_lets_go(keys: Keys) -> None:
    keys.filter.is_steering = True
    keys.press(Qt.Key.Key_W)
    other = QWidget()
    keys.qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    keys.qtbot.waitUntil(other.isActiveWindow)
    assert not keys.hands.input().takes_over


def test_a_key_that_qt_does_not_have_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"unknown key 'Escap' \(did you mean 'Escape'\?\)"):
        KeyFilter({"hold": "Escap"})


@pytest.mark.parametrize("name", ["escape", "ESCAPE", "Escape"])
def test_the_name_of_a_key_may_be_written_small(name: str) -> None:
    assert key_code(name) == Qt.Key.Key_Escape.value
