"""Keys of the whole window: commands, and what steers the arm. No global hook: works on X11, Wayland, ssh -X."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QKeySequence
from PyQt6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit

from irevla.config.errors import UnknownNameError

WRITES = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox)
HOLD = "hold"


class KeyFilter(QObject):
    """Sees every key before any widget does; install it on the application.

    The hold key works everywhere, in a text field and a dialog too. Other commands and steering stand back while
    something that takes text has the keyboard.
    """

    command_requested = pyqtSignal(str)
    pressed = pyqtSignal(str)
    released = pyqtSignal(str)
    let_go = pyqtSignal()

    def __init__(self, keys: Mapping[str, str], parent: QObject | None = None) -> None:
        """``keys``: command -> name of a key; raises UnknownNameError for a name that Qt does not have."""
        super().__init__(parent)
        self._commands = {key_code(name): command for command, name in keys.items()}
        self.is_steering = False  # whether motion keys are taken from the widgets

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """See QObject; returns whether the key is used up."""
        if event is None:
            return False
        if event.type() in (QEvent.Type.WindowDeactivate, QEvent.Type.ApplicationDeactivate):
            self.let_go.emit()
        if isinstance(event, QKeyEvent) and event.type() in (
            QEvent.Type.KeyPress,
            QEvent.Type.KeyRelease,
            QEvent.Type.ShortcutOverride,
        ):
            return self._on_key(event)
        return False

    def _on_key(self, event: QKeyEvent) -> bool:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        command = (
            self._commands.get(_code(event.key())) if modifiers in (_NONE, Qt.KeyboardModifier.ShiftModifier) else None
        )
        is_writing = isinstance(QApplication.focusWidget(), WRITES)
        if command != HOLD and (is_writing or modifiers != _NONE):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            return False
        is_press = event.type() == QEvent.Type.KeyPress
        if command is not None and (command == HOLD or QApplication.activeModalWidget() is None):
            if is_press and not event.isAutoRepeat():
                self.command_requested.emit(command)
            return True
        return self._steer(event, is_press=is_press)

    def _steer(self, event: QKeyEvent, *, is_press: bool) -> bool:
        key = event.text().lower() or QKeySequence(event.key()).toString().lower()
        if not self.is_steering or len(key) != 1:
            return False
        if not event.isAutoRepeat():
            (self.pressed if is_press else self.released).emit(key)
        return True


_NONE = Qt.KeyboardModifier.NoModifier
_SAME: dict[int, int] = {Qt.Key.Key_Enter.value: Qt.Key.Key_Return.value}


def key_code(name: str) -> int:
    """Return Qt's code of the key called ``name``, e.g. "Escape", "F5", "1"."""
    known: dict[str, int] = {member.name.removeprefix("Key_"): member.value for member in Qt.Key}
    found = known.get(name) or known.get(name.upper()) or known.get(name.capitalize())
    if found is None:
        raise UnknownNameError("key", name, known)
    return _code(found)


def _code(key: int) -> int:
    return _SAME.get(int(key), int(key))
