"""Pictures of every page, for the README: taken after the made-up graph has had time to live."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import QObject, QTimer
from PyQt6.QtWidgets import QApplication

from irevla.app.views.window import Window

FIRST_MS, NEXT_MS = 6000, 2000  # a page's plots need something to show
QUALITY = 85  # of WebP, in per cent


class Portraits(QObject):
    """Opens page after page, writes each to ``folder`` as a WebP, and ends the application after the last."""

    def __init__(self, window: Window, folder: Path, *, first_ms: int = FIRST_MS, next_ms: int = NEXT_MS) -> None:
        """``first_ms`` and ``next_ms``: how long the first page and the others live before their picture is taken."""
        super().__init__(window)
        self._window, self._folder = window, folder
        self._first_ms, self._next_ms = first_ms, next_ms

    def begin(self) -> None:
        """Open the first page."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._open(0)

    def _open(self, page: int) -> None:
        self._window.open(page)
        QTimer.singleShot(self._next_ms if page else self._first_ms, lambda: self._take(page))

    def _take(self, page: int) -> None:
        widget = self._window.stack.widget(page)
        name = (widget.objectName() if widget is not None else "") or f"page{page}"
        self._window.grab().save(str(self._folder / f"{name}.webp"), "WEBP", QUALITY)
        if page + 1 < self._window.stack.count():
            self._open(page + 1)
        else:
            QApplication.quit()
