"""The Demonstrations page: tasks on the left, the episode and the hands on the right."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSpinBox, QVBoxLayout, QWidget

from irevla.app.models.demonstrations import Steering, TaskCount
from irevla.app.models.episode_desk import Controls, Flash
from irevla.app.views.demonstrations.steering_card import SteeringCard
from irevla.app.views.demonstrations.task_table import TaskTable
from irevla.app.views.episode.command_buttons import CommandButtons
from irevla.app.views.episode.confirmation import Confirmation
from irevla.app.views.theme import Theme


class Demonstrations(QWidget):
    """Shows DemonstrationsState."""

    redo_requested = pyqtSignal(str)
    target_requested = pyqtSignal(int)

    def __init__(self, keys: Mapping[str, str], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("demonstrations")
        self.tasks = TaskTable(theme)
        self.trouble = QLabel()
        self.trouble.setProperty("tone", "warn")
        self.trouble.setWordWrap(True)
        self.target = QSpinBox()
        self.target.setRange(1, 1000)
        self.target.setKeyboardTracking(False)
        self.target.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.target.setToolTip("Good demonstrations wanted of the chosen task")
        self.target.valueChanged.connect(self.target_requested)
        self.target.editingFinished.connect(self.target.clearFocus)
        self.confirmation, self.commands, self.steering = Confirmation(), CommandButtons(keys), SteeringCard(theme)
        self.redo = QPushButton("redo: throw this one away and record it again")
        self.redo.setToolTip("Stops and discards the episode, then begins it again with the same seed")
        self.redo.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # as the other commands
        self.redo.clicked.connect(lambda: self.redo_requested.emit("redo"))
        self._arrange()

    def on_command(self, call: Callable[[str], None]) -> None:
        """See DemonstrationsView."""
        self.commands.on_command(call)
        self.redo_requested.connect(call)

    def on_chosen(self, call: Callable[[str], None]) -> None:
        """See DemonstrationsView."""
        self.tasks.chosen.connect(call)

    def on_target(self, call: Callable[[int], None]) -> None:
        """See DemonstrationsView."""
        self.target_requested.connect(call)

    def set_counts(self, counts: tuple[TaskCount, ...]) -> None:
        """Show how many there are of each task."""
        self.tasks.set_counts(counts)

    def set_chosen(self, task: str) -> None:
        """Show which task is recorded next."""
        self.tasks.set_chosen(task)

    def set_target(self, target: int) -> None:
        """Show how many are wanted of the chosen task."""
        self.target.blockSignals(True)
        self.target.setValue(target)
        self.target.blockSignals(False)

    def set_situation(self, words: str) -> None:
        """Show where the episode is."""
        self.confirmation.set_situation(words)

    def set_hint(self, words: str) -> None:
        """Show what the person does about it."""
        self.confirmation.set_hint(words)

    def set_controls(self, controls: Controls) -> None:
        """Show which buttons mean something now."""
        self.commands.set_controls(controls)

    def set_can_redo(self, can_redo: bool) -> None:
        """Show whether there is an episode to begin again."""
        self.redo.setEnabled(can_redo)

    def set_flash(self, flash: Flash | None) -> None:
        """Show what was just done."""
        self.confirmation.set_flash(flash)

    def set_steering(self, steering: Steering) -> None:
        """Show what steers."""
        self.steering.set_steering(steering)

    def set_trouble(self, words: str) -> None:
        """Show why the store was not counted."""
        self.trouble.setText(words)
        self.trouble.setVisible(bool(words))

    def _arrange(self) -> None:
        wanted = QHBoxLayout()
        wanted.addWidget(QLabel("good ones wanted of the chosen task"))
        wanted.addWidget(self.target)
        wanted.addStretch()
        left = QVBoxLayout()
        left.addWidget(self.tasks, stretch=1)
        left.addLayout(wanted)
        left.addWidget(self.trouble)
        episode = QFrame()
        episode.setProperty("role", "card")
        card = QVBoxLayout(episode)
        card.addWidget(self.confirmation)
        card.addWidget(self.commands)
        card.addWidget(self.redo)
        right = QVBoxLayout()
        right.addWidget(episode)
        right.addWidget(self.steering, stretch=1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(left, stretch=1)
        row.addLayout(right, stretch=1)
