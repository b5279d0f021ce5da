"""A supervised round: what it learns from, its progress and its loss."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyqtgraph
from PyQt6.QtCore import QSignalBlocker, pyqtSignal
from PyQt6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from irevla.app.models.rounds.round_job import LossCurve, RoundStatus
from irevla.app.models.rounds.round_plan import RoundForm
from irevla.app.views.check_list import CheckList
from irevla.app.views.theme import Theme
from irevla.app.views.toned import set_toned, wrapped

STAGES = (0, 2)
PLACES = ("local", "remote")
MOST_STEPS = 10_000_000
MOST_SEED = 999_999


class TrainingTab(QWidget):
    """Shows TrainingState; `choice_changed` carries a field of RoundChoice and its value."""

    choice_changed = pyqtSignal(str, object)
    start_requested = pyqtSignal()
    cancel_requested = pyqtSignal()
    resume_requested = pyqtSignal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stage, self.parent_words, self.round_id = QComboBox(), QLabel(), QLineEdit()
        self.stage.addItems(["stage 0: D_e alone, a fresh model", "stage 2: D_e and D_RL, from a model"])
        self.where = QComboBox()
        self.steps, self.seed = QSpinBox(), QSpinBox()
        self.steps.setRange(0, MOST_STEPS)
        self.steps.setSingleStep(100)
        self.seed.setRange(0, MOST_SEED)
        self.expert, self.online, self.tasks = wrapped(), wrapped(), CheckList()
        self.tasks.setMaximumHeight(6 * theme.text_px)
        self.note, self.obstacle, self.words = wrapped("muted"), wrapped(), wrapped()
        self.start = QPushButton("&Begin the round")
        self.start.setProperty("role", "accent")
        self.cancel, self.resume = QPushButton("&Cancel it"), QPushButton("Resu&me it")
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.plot = pyqtgraph.PlotWidget()
        self.plot.setMinimumHeight(6 * theme.text_px)
        # It takes what the form leaves: the button that begins the next round must not hide below the edge.
        self.plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.plot.setLabel("bottom", "step")
        self.plot.setLabel("left", "loss")
        self.plot.getAxis("left").enableAutoSIPrefix(False)
        self._curve = self.plot.plot(pen=pyqtgraph.mkPen(theme.accent, width=2))
        for widget, name in (
            (self.steps, "round_steps"),
            (self.seed, "round_seed"),
            (self.round_id, "round_name"),
            (self.words, "round_words"),
            (self.progress, "round_progress"),
            (self.start, "begin_round_button"),
            (self.cancel, "cancel_round_button"),
        ):
            widget.setObjectName(name)
        self._arrange()
        self._connect()

    def on_choice(self, call: Callable[[str, Any], None]) -> None:
        """See TrainingView."""
        self.choice_changed.connect(call)

    def on_start(self, call: Callable[[], None]) -> None:
        """See TrainingView."""
        self.start_requested.connect(call)

    def on_cancel(self, call: Callable[[], None]) -> None:
        """See TrainingView."""
        self.cancel_requested.connect(call)

    def on_resume(self, call: Callable[[], None]) -> None:
        """See TrainingView."""
        self.resume_requested.connect(call)

    def set_form(self, form: RoundForm) -> None:
        """Show what is chosen and what it means."""
        is_stage2 = form.stage == 2
        self.stage.setCurrentIndex(STAGES.index(form.stage))
        self._form.setRowVisible(self.parent_words, is_stage2)
        self._form.setRowVisible(self.online, is_stage2)
        self._form.setRowVisible(self.tasks, is_stage2)
        self.parent_words.setText(form.parent)
        self._set_places(form)
        if self.round_id.text() != form.round_id:
            self.round_id.setText(form.round_id)
        with QSignalBlocker(self.steps), QSignalBlocker(self.seed):
            self.steps.setSpecialValueText(f"as configured: {form.usual_steps:,}")
            self.steps.setValue(form.steps)
            self.seed.setValue(form.seed)
        self.expert.setText(form.expert)
        self.online.setText(form.online)
        self.tasks.set_entries([(task, f"{task}: {count:,}", is_chosen) for task, count, is_chosen in form.tasks])
        self.note.setText(form.note)
        self.note.setVisible(bool(form.note))
        set_toned(self.obstacle, form.obstacle, "warn")
        self.obstacle.setVisible(bool(form.obstacle))
        self.start.setEnabled(not form.obstacle)

    def set_status(self, status: RoundStatus) -> None:
        """Show how the round is."""
        set_toned(self.words, status.words, status.tone)
        is_mine = status.share is not None
        self.choices.setVisible(not (is_mine and status.is_running))
        self.progress.setVisible(is_mine and status.is_running)
        self.plot.setVisible(is_mine)
        self.progress.setValue(round(1000 * (status.share or 0.0)))
        self.progress.setFormat(f"{100 * (status.share or 0.0):.0f} %")
        self.cancel.setVisible(is_mine and status.is_running)
        self.resume.setVisible(status.can_resume)

    def set_curve(self, curve: LossCurve) -> None:
        """Show the loss so far."""
        self._curve.setData(curve.rows[:, 0], curve.rows[:, 1])

    def _set_places(self, form: RoundForm) -> None:
        places = ["this machine", f"the cluster {form.cluster}"] if form.cluster else ["this machine"]
        if [self.where.itemText(index) for index in range(self.where.count())] != places:
            self.where.clear()
            self.where.addItems(places)
        self.where.setCurrentIndex(PLACES.index(form.where))
        self.where.setToolTip("" if form.cluster else "rounds.remote.address names a Ray cluster (docs/remote.md)")

    def _arrange(self) -> None:
        self.choices = QWidget()
        column = QVBoxLayout(self.choices)
        column.setContentsMargins(0, 0, 0, 0)
        self._form = QFormLayout()
        self._form.addRow("&stage", self.stage)
        self._form.addRow("from", self.parent_words)
        self._form.addRow("D_e", self.expert)
        self._form.addRow("D_RL", self.online)
        self._form.addRow("D_RL of", self.tasks)
        numbers = QHBoxLayout()
        numbers.addWidget(self.steps, stretch=1)
        numbers.addWidget(QLabel("seed"))
        numbers.addWidget(self.seed)
        self._form.addRow("steps", numbers)
        self._form.addRow("where", self.where)
        self._form.addRow("&name", self.round_id)
        column.addLayout(self._form)
        for widget in (self.note, self.obstacle, self.start):
            column.addWidget(widget)
        buttons = QHBoxLayout()
        buttons.addWidget(self.resume)
        buttons.addWidget(self.cancel)
        whole = QVBoxLayout(self)
        whole.setSpacing(8)
        whole.addWidget(self.words)
        whole.addWidget(self.progress)
        whole.addLayout(buttons)
        whole.addWidget(self.plot, stretch=1)
        whole.addWidget(self.choices)
        whole.addStretch()

    def _connect(self) -> None:
        change = self.choice_changed.emit
        self.stage.activated.connect(lambda index: change("stage", STAGES[index]))
        self.where.activated.connect(lambda index: change("where", PLACES[index]))
        self.round_id.textEdited.connect(lambda text: change("round_id", text.strip()))
        self.steps.valueChanged.connect(lambda value: change("steps", value))
        self.seed.valueChanged.connect(lambda value: change("seed", value))
        self.tasks.chosen.connect(lambda _: change("left_out", self.tasks.names(is_chosen=False)))
        self.start.clicked.connect(self.start_requested)
        self.cancel.clicked.connect(self.cancel_requested)
        self.resume.clicked.connect(self.resume_requested)
