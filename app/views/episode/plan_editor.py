"""Edits the plan of the next episode, and gives the keyboard back at once: its keys label episodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QLineEdit, QSpinBox, QWidget

from irevla.app.models.plan import KINDS, MODES, Plan

LARGEST_SEED = 999_999_999


class PlanEditor(QWidget):
    """`plan_edited` has the whole plan; ``instructions``: task -> the words the VLA hears.

    ``explore`` is for its owner to place.
    """

    plan_edited = pyqtSignal(object)

    def __init__(self, instructions: Mapping[str, str], default_steps: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._instructions = instructions
        self._plan = Plan(next(iter(instructions)))
        self.task = _Choice(tuple(instructions), "The task: scene and instruction")
        self.instruction = QLineEdit()
        self.instruction.setToolTip("What the VLA is told; empty: the task's own words")
        self.mode = _Choice(MODES, "Who acts: the policy, you, or the scripted expert of the simulator")
        self.kind = _Choice(KINDS, "What the episode is for")
        self.explore = QCheckBox("explore")
        self.explore.setToolTip("The policy samples its actions instead of taking the mean")
        self.seed = _number(LARGEST_SEED, "Seed of the next episode's reset; grows by one with each start")
        self.max_steps = _number(10_000, "Steps before the episode is cut off; 0: as configured")
        self.max_steps.setSpecialValueText(f"default {default_steps}")
        self._arrange()
        for choice in (self.task, self.mode, self.kind):
            choice.activated.connect(self._on_edited)
        self.instruction.editingFinished.connect(self._on_edited)
        self.instruction.returnPressed.connect(self.instruction.clearFocus)
        self.explore.clicked.connect(self._on_edited)
        for number in (self.seed, self.max_steps):
            number.valueChanged.connect(self._on_edited)

    def set_plan(self, plan: Plan) -> None:
        """Show a plan."""
        before, self._plan = self._plan, plan
        widgets = (self.task, self.instruction, self.mode, self.kind, self.explore, self.seed, self.max_steps)
        for widget in widgets:
            widget.blockSignals(True)
        self.task.setCurrentText(plan.task)
        self.instruction.setPlaceholderText(self._instructions.get(plan.task, ""))
        if plan.instruction != before.instruction:  # otherwise words that are being typed would be lost
            self.instruction.setText(plan.instruction)
        self.mode.setCurrentText(plan.mode)
        self.kind.setCurrentText(plan.kind)
        self.explore.setChecked(plan.explore)
        self.seed.setValue(plan.seed)
        self.max_steps.setValue(plan.max_steps)
        for widget in widgets:
            widget.blockSignals(False)

    def _on_edited(self) -> None:
        plan = replace(
            self._plan,
            task=self.task.currentText(),
            instruction=self.instruction.text().strip(),
            mode=self.mode.currentText(),
            kind=self.kind.currentText(),
            explore=self.explore.isChecked(),
            seed=self.seed.value(),
            max_steps=self.max_steps.value(),
        )
        if plan != self._plan:
            self._plan = plan
            self.plan_edited.emit(plan)

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        grid.addWidget(_name("task"), 0, 0)
        grid.addWidget(self.task, 0, 1, 1, 3)
        grid.addWidget(_name("words"), 1, 0)
        grid.addWidget(self.instruction, 1, 1, 1, 3)
        grid.addWidget(_name("mode"), 2, 0)
        grid.addWidget(self.mode, 2, 1)
        grid.addWidget(_name("kind"), 2, 2)
        grid.addWidget(self.kind, 2, 3)
        grid.addWidget(_name("seed"), 3, 0)
        grid.addWidget(self.seed, 3, 1)
        grid.addWidget(_name("steps"), 3, 2)
        grid.addWidget(self.max_steps, 3, 3)


class _Choice(QComboBox):
    """Lets the keyboard go as soon as something is chosen."""

    def __init__(self, names: Sequence[str], tip: str) -> None:
        super().__init__()
        self.addItems(names)
        self.setToolTip(tip)

    def hidePopup(self) -> None:
        super().hidePopup()
        self.clearFocus()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.text() == "\r":
            self.clearFocus()
        else:
            super().keyPressEvent(event)


def _number(largest: int, tip: str) -> QSpinBox:
    number = QSpinBox()
    number.setRange(0, largest)
    number.setToolTip(tip)
    # Arrows would keep the keyboard after a click, and a key that shall label would become a number.
    number.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
    number.setKeyboardTracking(False)
    edit = number.lineEdit()
    if edit is not None:
        edit.returnPressed.connect(number.clearFocus)
    return number


def _name(words: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("role", "muted")
    return label
