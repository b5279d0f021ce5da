"""Which episodes to list: task, kind, label, policy, text, interventions, and the disagreement queue."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QSignalBlocker, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QPushButton, QWidget

from irevla.app.models.episodes.episode_filter import KINDS, LABELS, EpisodeFilter

TYPING_MS = 250  # the store is asked when a person stops typing
LEAST_PX = 70


class FilterBar(QWidget):
    """`filter_requested` carries the whole filter."""

    filter_requested = pyqtSignal(EpisodeFilter)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filter = EpisodeFilter()
        self.task, self.kind = _choice("all tasks", ()), _choice("all kinds", KINDS)
        self.label, self.model = _choice("all labels", LABELS), _choice("all policies", ())
        self.search = QLineEdit()
        self.search.setPlaceholderText("search id, instruction")
        self.search.setToolTip("Part of an episode's id or instruction (Ctrl+F)")
        self.search.setClearButtonEnabled(True)
        self.interventions = QCheckBox("helped")
        self.interventions.setToolTip("Only episodes in which a person took over (Alt+I)")
        self.interventions.setShortcut("Alt+I")
        self.queue = QPushButton("disagreements")
        self.queue.setCheckable(True)
        self.queue.setShortcut("Alt+Q")
        self.queue.setToolTip("Labels that the critic contradicts, worst first (Alt+Q)")
        self.clear = QPushButton("clear")
        self.clear.setShortcut("Alt+C")
        self.clear.setToolTip("Take every filter away (Alt+C)")
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._arrange()
        self._connect()

    def set_filter(self, shown: EpisodeFilter) -> None:
        """Show a filter; text that is being typed stays."""
        self._filter = shown
        for box, value in zip(self._boxes, (shown.task, shown.kind, shown.label, shown.model_hash), strict=True):
            with QSignalBlocker(box):
                box.setCurrentIndex(max(0, box.findData(value)))
        for toggle, is_on in ((self.interventions, shown.only_interventions), (self.queue, shown.is_queue)):
            with QSignalBlocker(toggle):
                toggle.setChecked(is_on)
        if not self._typing.isActive() and self.search.text() != shown.search:
            with QSignalBlocker(self.search):
                self.search.setText(shown.search)
        self.clear.setEnabled(bool(shown.words()))

    def set_tasks(self, tasks: Sequence[str]) -> None:
        """Offer these tasks."""
        _offer(self.task, [(name, name) for name in tasks], self._filter.task)

    def set_models(self, hashes: Sequence[str]) -> None:
        """Offer these policies."""
        _offer(self.model, [(f"policy {name[:6]}", name) for name in hashes], self._filter.model_hash)

    @property
    def _boxes(self) -> tuple[QComboBox, ...]:
        return (self.task, self.kind, self.label, self.model)

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for box in self._boxes:
            row.addWidget(box)
        row.addWidget(self.search, stretch=1)
        for widget in (self.interventions, self.queue, self.clear):
            row.addWidget(widget)

    def _connect(self) -> None:
        for box in self._boxes:
            box.activated.connect(self._emit)
        self.search.textEdited.connect(lambda _: self._typing.start())
        self.search.textChanged.connect(lambda text: None if text else self._typing.start())  # the clear button
        self._typing.timeout.connect(self._emit)
        self.interventions.toggled.connect(self._emit)
        self.queue.toggled.connect(self._emit)
        self.clear.clicked.connect(lambda: self.filter_requested.emit(self._filter.cleared()))
        find = QShortcut(QKeySequence("Ctrl+F"), self)
        find.setContext(Qt.ShortcutContext.WindowShortcut)
        find.activated.connect(self.search.setFocus)

    def _emit(self) -> None:
        self._typing.stop()
        task, kind, label, model = (box.currentData() for box in self._boxes)
        self.filter_requested.emit(
            EpisodeFilter(
                task=task,
                kind=kind,
                label=label,
                model_hash=model,
                search=self.search.text(),
                only_interventions=self.interventions.isChecked(),
                is_queue=self.queue.isChecked(),
            )
        )


def _choice(everything: str, names: Sequence[str]) -> QComboBox:
    box = QComboBox()
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    box.setMinimumWidth(LEAST_PX)  # a small window with large text cuts the names
    box.addItem(everything, "")
    box.setAccessibleName(everything)
    for name in names:
        box.addItem(name, name)
    return box


def _offer(box: QComboBox, items: Sequence[tuple[str, str]], chosen: str) -> None:
    with QSignalBlocker(box):
        while box.count() > 1:
            box.removeItem(1)
        for words, value in items:
            box.addItem(words, value)
        box.setCurrentIndex(max(0, box.findData(chosen)))
