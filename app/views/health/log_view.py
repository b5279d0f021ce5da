"""The log: what all nodes say, chosen by level, node and text, and what a warning means."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from irevla.app.models.health.log import ERROR, INFO, WARN, Entry, LogFilter, LogState
from irevla.app.views.health.log_model import LogModel
from irevla.app.views.rows_model import make_table, widen
from irevla.app.views.theme import Theme
from irevla.app.views.words import Words

LEVELS = {"info and above": INFO, "warnings": WARN, "errors": ERROR, "everything": 0}
ALL_NODES = "all nodes"


class LogView(QFrame):
    """Shows LogState; `filter_requested` says which lines the person wants."""

    filter_requested = pyqtSignal(object)  # LogFilter

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.level, self.node, self.text = QComboBox(), QComboBox(), QLineEdit()
        self.level.addItems(list(LEVELS))
        self.node.addItem(ALL_NODES)
        self.text.setPlaceholderText("search")
        self.text.setClearButtonEnabled(True)
        self.text.setToolTip("Show only lines with this text (Ctrl+F)")
        self.follow = QCheckBox("follow")
        self.follow.setChecked(True)
        self.follow.setToolTip("Keep the newest line in sight; scrolling up lets go of it")
        self.copy = QPushButton("Copy")
        self.copy.setToolTip("Copy the selected lines, or all that are shown (Ctrl+C in the list)")
        self.count = Words("muted")
        self.count.setWordWrap(False)
        self.cause, self.cure = Words("strong"), Words()
        self.model = LogModel(theme, self)
        self.table = make_table(self.model)
        widen(self.table, ("00:00:00", "warning", "camera_front"))
        self._arrange()
        self._connect()

    def on_filter(self, call: Callable[[LogFilter], None]) -> None:
        """See HealthView."""
        self.filter_requested.connect(call)

    def set_log(self, state: LogState) -> None:
        """Show the lines."""
        self.model.set_entries(state.entries)
        self.count.say(state.count)
        if self._nodes() != state.nodes:
            self._offer(state.nodes)
        self._explain()

    def _nodes(self) -> tuple[str, ...]:
        return tuple(self.node.itemText(number) for number in range(1, self.node.count()))

    def _offer(self, nodes: tuple[str, ...]) -> None:
        """Offer these nodes; what is chosen stays chosen."""
        chosen = self.node.currentText()
        with QSignalBlocker(self.node):
            self.node.clear()
            self.node.addItems([ALL_NODES, *nodes])
            self.node.setCurrentText(chosen)

    def _ask(self) -> None:
        node = self.node.currentText() if self.node.currentIndex() > 0 else ""
        level = LEVELS[self.level.currentText()]
        self.filter_requested.emit(LogFilter(level, node, self.text.text().strip()))

    def _selected(self) -> list[Entry]:
        selection = self.table.selectionModel()
        rows = [] if selection is None else sorted(index.row() for index in selection.selectedRows())
        return [self.model.entries[row] for row in rows]

    def _explain(self) -> None:
        """Say what the selected line means; without one, the newest warning or error that is understood."""
        candidates = (
            self._selected()[-1:] or [entry for entry in reversed(self.model.entries) if entry.level >= WARN][:1]
        )
        entry = candidates[0] if candidates else None
        remedy = None if entry is None else entry.remedy
        if entry is None or remedy is None:
            self.cause.say("")
            self.cure.say("")
            return
        cause = remedy.cause[:1].upper() + remedy.cause[1:]
        self.cause.say(f"{entry.time}  {cause}", "bad" if entry.level >= ERROR else "warn")
        self.cure.say(remedy.cure)

    def _copy(self) -> None:
        entries = self._selected() or self.model.entries
        clipboard = QApplication.clipboard()
        if clipboard is not None:
            clipboard.setText("\n".join(entry.line() for entry in entries))

    def _on_longer(self, first: int, last: int) -> None:
        """Keep the newest line in sight: there are more lines, or less room."""
        bar = self.table.verticalScrollBar()
        if bar is not None and self.follow.isChecked():
            bar.setValue(last)

    def _on_scroll(self, value: int) -> None:
        """Follow from the end on, and from nowhere else."""
        bar = self.table.verticalScrollBar()
        if bar is not None:
            self.follow.setChecked(value >= bar.maximum())

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.level)
        row.addWidget(self.node)
        row.addWidget(self.text, stretch=1)
        row.addWidget(self.count)
        row.addWidget(self.follow)
        row.addWidget(self.copy)
        layout = QVBoxLayout(self)
        layout.addLayout(row)
        layout.addWidget(self.table, stretch=1)
        layout.addWidget(self.cause)
        layout.addWidget(self.cure)

    def _connect(self) -> None:
        self.level.currentIndexChanged.connect(self._ask)
        self.node.currentIndexChanged.connect(self._ask)
        self.text.textChanged.connect(self._ask)
        self.copy.clicked.connect(self._copy)
        self.follow.toggled.connect(lambda is_on: self.table.scrollToBottom() if is_on else None)
        selection, bar = self.table.selectionModel(), self.table.verticalScrollBar()
        if selection is not None:
            selection.selectionChanged.connect(self._explain)
        if bar is not None:
            bar.rangeChanged.connect(self._on_longer)
            bar.valueChanged.connect(self._on_scroll)
        keys = Qt.ShortcutContext
        QShortcut(QKeySequence.StandardKey.Find, self, self.text.setFocus)
        QShortcut(QKeySequence.StandardKey.Copy, self.table, self._copy, context=keys.WidgetShortcut)
