"""Keys of the whole window: commands, and what steers the arm. No global hook: works on X11, Wayland, ssh -X."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit

from irevla.config.errors import UnknownNameError

WRITES = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox)
HOLD = "hold"


class KeyFilter(QObject):
    """Sees every key before any widget does; install it on the application.

    The hold key works everywhere, in a text field and a dialog too, with any modifier. Other commands and steering
    stand back while a dialog, a menu or something that takes text has the keyboard.
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
        is_new = not event.isAutoRepeat()
        if event.type() == QEvent.Type.KeyRelease and is_new:
            # Wherever the keyboard is by now, and with whatever modifier: a key that seems held moves the arm.
            self.released.emit(_letter(event))
        command = self._commands.get(_code(event.key()))
        is_ours = command == HOLD or (_is_free(event) and (command is not None or self._steers(event)))
        if is_ours and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # no shortcut of the window comes before a command
        elif is_ours and event.type() == QEvent.Type.KeyPress and is_new:
            if command is None:
                self.pressed.emit(_letter(event))
            else:
                self.command_requested.emit(command)
        return is_ours

    def _steers(self, event: QKeyEvent) -> bool:
        return self.is_steering and bool(_letter(event))


_NONE = Qt.KeyboardModifier.NoModifier
_SAME: dict[int, int] = {Qt.Key.Key_Enter.value: Qt.Key.Key_Return.value}


def key_code(name: str) -> int:
    """Return Qt's code of the key called ``name``, e.g. "Escape", "F5", "1"."""
    known: dict[str, int] = {member.name.removeprefix("Key_"): member.value for member in Qt.Key}
    found = known.get(name) or known.get(name.upper()) or known.get(name.capitalize())
    if found is None:
        raise UnknownNameError("key", name, known)
    return _code(found)


def _is_free(event: QKeyEvent) -> bool:
    """Say whether the key means what it means beside the arm, and is not for a field, a dialog or a shortcut."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    is_elsewhere = QApplication.activeModalWidget() or QApplication.activePopupWidget()
    return modifiers == _NONE and not is_elsewhere and not isinstance(QApplication.focusWidget(), WRITES)


def _letter(event: QKeyEvent) -> str:
    """Return the key as a small letter, " " for the space bar; "" for a key that has none. Shift changes nothing."""
    return chr(event.key()).lower() if 0x20 <= event.key() < 0x7F else ""


def _code(key: int) -> int:
    return _SAME.get(int(key), int(key))
