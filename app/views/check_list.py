"""Names with a tick each; the space bar turns one over."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtWidgets import QListWidget, QListWidgetItem, QWidget

NAME = Qt.ItemDataRole.UserRole


class CheckList(QListWidget):
    """`chosen` carries the names that are ticked, after a person has changed one."""

    chosen = pyqtSignal(frozenset)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QListWidget.SizeAdjustPolicy.AdjustToContents)
        self.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.itemChanged.connect(lambda _: self.chosen.emit(self.names(is_chosen=True)))

    def names(self, *, is_chosen: bool) -> frozenset[str]:
        """Return the names that are ticked, or those that are not."""
        items = [item for row in range(self.count()) if (item := self.item(row)) is not None]
        return frozenset(item.data(NAME) for item in items if (item.checkState() == Qt.CheckState.Checked) == is_chosen)

    def set_entries(self, entries: Sequence[tuple[str, str, bool]]) -> None:
        """Show (name, words, is chosen); the line that has the keyboard keeps it."""
        row = max(0, self.currentRow())
        with QSignalBlocker(self):
            self.clear()
            for name, words, is_chosen in entries:
                item = QListWidgetItem(words, self)
                item.setData(NAME, name)
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(Qt.CheckState.Checked if is_chosen else Qt.CheckState.Unchecked)
            self.setCurrentRow(min(row, self.count() - 1))
