"""Which model the rig used, and who decided it."""

from __future__ import annotations

from PyQt6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QWidget

COLUMNS = ("when", "used from then on", "who, and why")


class HistoryTab(QTableWidget):
    """Promotions and roll-backs, newest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(COLUMNS), parent)
        self.setHorizontalHeaderLabels(COLUMNS)
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.setAlternatingRowColors(True)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        if rows is not None and columns is not None:
            rows.hide()
            rows.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            columns.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
            columns.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)

    def set_history(self, entries: tuple[tuple[str, ...], ...]) -> None:
        """Show these lines."""
        self.setRowCount(len(entries))
        for row, entry in enumerate(entries):
            for column, words in enumerate(entry):
                item = QTableWidgetItem(words)
                item.setToolTip(words)
                self.setItem(row, column, item)
