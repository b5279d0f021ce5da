"""The window: pages on the left, the header over them, the last words at the foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QSettings, pyqtSignal
from PyQt6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PyQt6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from irevla.app.views.header import Header


@dataclass(frozen=True)
class PageView:
    """A page and its name; its key is F1, F2, ... in order."""

    title: str
    widget: QWidget


class Window(QMainWindow):
    """Holds the pages; `opened` says which one is looked at, `closing` that the person closes the window."""

    opened = pyqtSignal(int)
    closing = pyqtSignal()

    def __init__(self, header: Header, pages: Sequence[PageView], memory: QSettings | None = None) -> None:
        super().__init__()
        self.setWindowTitle("irevla")
        self.header = header
        self._memory = memory
        self.stack, self._buttons = QStackedWidget(), QButtonGroup(self)
        self.words = QLabel()
        self.words.setObjectName("words")
        self.words.setProperty("role", "big")
        self.words.setWordWrap(True)
        navigation = QVBoxLayout()
        for number, page in enumerate(pages):
            self.stack.addWidget(page.widget)
            navigation.addWidget(self._button(number, page.title))
        navigation.addStretch()
        self._arrange(navigation)
        self.stack.currentChanged.connect(self.opened)
        self._buttons.idClicked.connect(self.stack.setCurrentIndex)
        self.resize(1280, 720)
        if memory is not None:
            self._remember(memory)

    @property
    def page(self) -> int:
        """The page that is looked at."""
        return self.stack.currentIndex()

    def open(self, number: int) -> None:
        """Look at another page."""
        button = self._buttons.button(number)
        if button is not None:
            button.setChecked(True)
            button.setFocus()
        self.stack.setCurrentIndex(number)

    def say(self, tone: str, words: str) -> None:
        """Show the last words at the foot; ``tone`` is "good", "bad" or "info"."""
        self.words.setText(words)
        self.words.setProperty("tone", "" if tone == "info" else tone)
        style = self.words.style()
        if style is not None:
            style.polish(self.words)

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Keep size, place and page for the next time."""
        if self._memory is not None:
            self._memory.setValue("geometry", self.saveGeometry())
            self._memory.setValue("page", self.page)
        self.closing.emit()
        super().closeEvent(event)

    def _button(self, number: int, title: str) -> QPushButton:
        key = f"F{number + 1}"
        button = QPushButton(f"{key}   {title}")
        button.setProperty("role", "nav")
        button.setCheckable(True)
        button.setChecked(number == 0)
        button.setToolTip(f"{title} ({key})")
        self._buttons.addButton(button, number)
        QShortcut(QKeySequence(key), self).activated.connect(lambda: self.open(number))
        return button

    def _arrange(self, navigation: QVBoxLayout) -> None:
        side = QFrame()
        navigation.setContentsMargins(0, 0, 0, 0)
        side.setLayout(navigation)
        right = QVBoxLayout()
        right.addWidget(self.header)
        right.addWidget(self.stack, stretch=1)
        right.addWidget(self.words)
        row = QHBoxLayout()
        row.addWidget(side)
        row.addLayout(right, stretch=1)
        centre = QWidget()
        centre.setLayout(row)
        self.setCentralWidget(centre)

    def _remember(self, memory: QSettings) -> None:
        geometry = memory.value("geometry")
        if geometry is not None:
            self.restoreGeometry(geometry)
        page = memory.value("page", 0, type=int)
        if 0 <= page < self.stack.count():
            self.open(page)
