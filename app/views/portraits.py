"""Pictures of every page, for the README: taken after the made-up graph has had time to live."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import QObject, QTimer
from PyQt6.QtWidgets import QApplication

from irevla.app.views.window import Window

LIVE_MS = 6000  # a page's plots need something to show


class Portraits(QObject):
    """Opens page after page, and ends the application after the last picture."""

    def __init__(self, window: Window, folder: Path) -> None:
        super().__init__(window)
        self._window, self._folder = window, folder
        self._page = 0

    def begin(self) -> None:
        """Take the first picture in a while."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._open()

    def _open(self) -> None:
        self._window.open(self._page)
        QTimer.singleShot(LIVE_MS if self._page == 0 else LIVE_MS // 3, self._take)

    def _take(self) -> None:
        name = self._window.stack.currentWidget().objectName() or f"page{self._page}"  # type: ignore[union-attr]
        self._window.grab().save(str(self._folder / f"{name}.png"))
        self._page += 1
        if self._page < self._window.stack.count():
            self._open()
        else:
            QApplication.quit()
