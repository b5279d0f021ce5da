"""Old model against new: the choice, the progress, the result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QSignalBlocker, pyqtSignal
from PyQt6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from irevla.app.models.rounds.comparison import CompareForm, CompareStatus
from irevla.app.views.check_list import CheckList
from irevla.app.views.rounds.compare_table import CompareTable
from irevla.app.views.rounds.training_tab import MOST_SEED
from irevla.app.views.theme import Theme
from irevla.app.views.toned import set_toned, wrapped

MOST_PAIRS = 1000


class ComparisonTab(QWidget):
    """Shows ComparisonState; `choice_changed` carries a field of CompareChoice and its value."""

    choice_changed = pyqtSignal(str, object)
    start_requested = pyqtSignal()
    cancel_requested = pyqtSignal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.new, self.old, self.tasks = wrapped(), QComboBox(), CheckList()
        self.tasks.setMaximumHeight(8 * theme.text_px)
        self.pairs, self.seed = QSpinBox(), QSpinBox()
        self.pairs.setRange(1, MOST_PAIRS)
        self.seed.setRange(0, MOST_SEED)
        self.size_words, self.obstacle, self.words = wrapped("muted"), wrapped(), wrapped()
        self.split, self.verdict = wrapped(), wrapped("title")
        self.start, self.cancel = QPushButton("&Begin the comparison"), QPushButton("&Cancel it")
        self.start.setProperty("role", "accent")
        self.progress, self.table = QProgressBar(), CompareTable(theme)
        self.progress.setRange(0, 1000)
        self._arrange()
        self._connect()

    def on_choice(self, call: Callable[[str, Any], None]) -> None:
        """See ComparisonView."""
        self.choice_changed.connect(call)

    def on_start(self, call: Callable[[], None]) -> None:
        """See ComparisonView."""
        self.start_requested.connect(call)

    def on_cancel(self, call: Callable[[], None]) -> None:
        """See ComparisonView."""
        self.cancel_requested.connect(call)

    def set_form(self, form: CompareForm) -> None:
        """Show what is chosen and what it means."""
        self.new.setText(form.new)
        self.old.clear()
        for model_hash, words in form.models:
            self.old.addItem(words, model_hash)
        self.old.setCurrentIndex(self.old.findData(form.old_hash))
        self.tasks.set_entries([(task, task, is_chosen) for task, is_chosen in form.tasks])
        with QSignalBlocker(self.pairs), QSignalBlocker(self.seed):
            self.pairs.setValue(form.pairs)
            self.seed.setValue(form.first_seed)
        self.size_words.setText(form.size)
        set_toned(self.obstacle, form.obstacle, "warn")
        self.obstacle.setVisible(bool(form.obstacle))
        self.start.setEnabled(not form.obstacle)

    def set_status(self, status: CompareStatus) -> None:
        """Show how far the comparison is, or its result."""
        is_over = bool(status.verdict)
        set_toned(self.words, status.words, "" if is_over else status.tone)
        self.words.setVisible(bool(status.words))
        self.choices.setVisible(not status.is_running)
        self.progress.setVisible(status.is_running)
        self.progress.setValue(round(1000 * status.share))
        self.progress.setFormat(f"{100 * status.share:.0f} %")
        self.cancel.setVisible(status.is_running)
        self.table.set_result(status.names, status.rows)
        self.table.setVisible(is_over)
        self.split.setText(status.split)
        self.split.setVisible(is_over)
        set_toned(self.verdict, status.verdict, status.tone)
        self.verdict.setVisible(is_over)

    def _arrange(self) -> None:
        form = QFormLayout()
        form.addRow("new", self.new)
        form.addRow("ol&d", self.old)
        form.addRow("tas&ks", self.tasks)
        numbers = QHBoxLayout()
        numbers.addWidget(self.pairs)
        numbers.addWidget(QLabel("first seed"))
        numbers.addWidget(self.seed, stretch=1)
        form.addRow("pairs a task", numbers)
        self.choices = QWidget()
        column = QVBoxLayout(self.choices)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        for widget in (self.size_words, self.obstacle, self.start):
            column.addWidget(widget)
        whole = QVBoxLayout(self)
        whole.setSpacing(8)
        for part in (self.words, self.progress, self.cancel, self.verdict, self.table, self.split, self.choices):
            whole.addWidget(part)
        whole.addStretch()

    def _connect(self) -> None:
        change = self.choice_changed.emit
        self.old.activated.connect(lambda _: change("old_hash", self.old.currentData()))
        self.tasks.chosen.connect(lambda names: change("tasks", names))
        self.pairs.valueChanged.connect(lambda value: change("pairs", value))
        self.seed.valueChanged.connect(lambda value: change("first_seed", value))
        self.start.clicked.connect(self.start_requested)
        self.cancel.clicked.connect(self.cancel_requested)
