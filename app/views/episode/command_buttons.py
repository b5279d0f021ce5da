"""The episode's buttons, each with its key."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QGridLayout, QPushButton, QWidget

from irevla.app.models.episode_desk import Controls

LABELS = {"success": "good", "failure": "bad", "discard": "warn"}  # command -> role
TIPS = {
    "success": "Label the episode a success",
    "failure": "Label the episode a failure",
    "discard": "Throw the episode away",
    "go": "Start the next episode; in a guided reset: the objects stand as they should",
    "stop": "End the running episode",
    "undo": "Take the last label back",
}


class CommandButtons(QWidget):
    """Labels in one row, the rest below; `command_requested` has the name of a command of KeySettings."""

    command_requested = pyqtSignal(str)

    def __init__(self, keys: Mapping[str, str], parent: QWidget | None = None) -> None:
        """``keys``: command -> the name of its key."""
        super().__init__(parent)
        self._keys = keys
        self.buttons = {command: self._button(command) for command in (*LABELS, "go", "stop", "undo")}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        for place, button in enumerate(self.buttons.values()):
            grid.addWidget(button, place // 3, place % 3)
        for column in range(3):
            grid.setColumnStretch(column, 1)

    def on_command(self, call: Callable[[str], None]) -> None:
        """See EpisodeView."""
        self.command_requested.connect(call)

    def set_controls(self, controls: Controls) -> None:
        """Show which buttons mean something now."""
        for label in LABELS:
            self.buttons[label].setEnabled(controls.can_label)
        self.buttons["go"].setText(f"{controls.go}\n{self._keys['go']}")
        self.buttons["go"].setEnabled(controls.can_go)
        self.buttons["stop"].setEnabled(controls.can_stop)
        self.buttons["undo"].setEnabled(controls.can_undo)

    def _button(self, command: str) -> QPushButton:
        key = self._keys[command]
        button = QPushButton(f"{command}\n{key}")
        button.setToolTip(f"{TIPS[command]} ({key})")
        button.setProperty("role", LABELS.get(command, "accent" if command == "go" else ""))
        button.setProperty("scale", "label" if command in LABELS else "command")
        # A click gives it no keyboard: the space bar that moves the gripper would press it once more.
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.command_requested.emit(command))
        return button
