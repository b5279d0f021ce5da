"""Stage 1: what to learn, from which model; begin and finish."""

from __future__ import annotations

from PyQt6.QtCore import QSignalBlocker, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QPushButton, QSpinBox, QVBoxLayout, QWidget

from irevla.app.models.learning.stage1_form import Stage1Form
from irevla.app.views.toned import wrapped

MOST_SEED = 999_999


class Stage1Controls(QFrame):
    """Shows Stage1Form; `choice_changed` carries a field of Stage1Choice and its value."""

    choice_changed = pyqtSignal(str, object)
    start_requested = pyqtSignal()
    finish_requested = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.task, self.model, self.seed = QComboBox(), QComboBox(), QSpinBox()
        self.seed.setRange(0, MOST_SEED)
        self.demos, self.obstacle = wrapped(), wrapped("muted")
        self.start, self.finish = QPushButton("&Begin stage 1"), QPushButton("Finis&h stage 1 …")
        self.start.setProperty("role", "accent")
        self._arrange()
        change = self.choice_changed.emit
        self.task.activated.connect(lambda _: change("task", self.task.currentText()))
        self.model.activated.connect(lambda _: change("model_hash", self.model.currentData()))
        self.seed.valueChanged.connect(lambda value: change("seed", value))
        self.start.clicked.connect(self.start_requested)
        self.finish.clicked.connect(self.finish_requested)

    def set_form(self, form: Stage1Form) -> None:
        """Show what is chosen and what can be done."""
        if self.task.count() != len(form.tasks):
            self.task.clear()
            self.task.addItems(form.tasks)
        self.task.setCurrentText(form.task)
        self.model.clear()
        for model_hash, words in form.models:
            self.model.addItem(words, model_hash)
        self.model.setCurrentIndex(self.model.findData(form.model_hash))
        with QSignalBlocker(self.seed):
            self.seed.setValue(form.seed)
        self.demos.setText(f"demo buffer: {form.demos}")
        self._offer(self.start, form.start_obstacle, "Load the model and begin to learn from its RL episodes (Alt+B)")
        self._offer(self.finish, form.finish_obstacle, "Write the checkpoint and end stage 1 (Alt+H)")
        self.obstacle.setText(form.start_obstacle)
        self.obstacle.setVisible(bool(form.start_obstacle))

    def _offer(self, button: QPushButton, obstacle: str, words: str) -> None:
        button.setEnabled(not obstacle)
        button.setToolTip(obstacle or words)

    def _arrange(self) -> None:
        choices, buttons = QHBoxLayout(), QHBoxLayout()
        for words, widget, stretch in (("tas&k", self.task, 2), ("mod&el", self.model, 3), ("see&d", self.seed, 1)):
            label = QLabel(words)
            label.setBuddy(widget)
            choices.addWidget(label)
            choices.addWidget(widget, stretch=stretch)
        for box in (self.task, self.model):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        words_column = QVBoxLayout()
        words_column.addWidget(self.demos)
        words_column.addWidget(self.obstacle)
        buttons.addLayout(words_column, stretch=1)
        buttons.addWidget(self.start)
        buttons.addWidget(self.finish)
        column = QVBoxLayout(self)
        column.addLayout(choices)
        column.addLayout(buttons)
