"""The pre-flight: one line that says whether the arm may move, and under it what must be well for that."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from irevla.app.models.health.health_state import Headline
from irevla.app.models.health.preflight import Check
from irevla.app.views.lights import Lights
from irevla.app.views.theme import Theme
from irevla.app.views.words import Words

TONES = {"good": "good", "bad": "bad", "unknown": "warn", "note": "warn"}


class PreflightView(QFrame):
    """Shows checks as they are; a row is made once and then only written anew."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._lights = Lights(theme, round(theme.text_px * 1.3))
        self.headline = Words("big")
        self.rows: list[CheckRow] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.text_px // 2)
        self._list.setContentsMargins(0, 0, theme.text_px // 2, 0)
        inside = QWidget()
        whole = QVBoxLayout(inside)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(self._list)
        whole.addStretch()
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(inside)
        self._area.viewport().setAutoFillBackground(False)  # type: ignore[union-attr]
        inside.setAutoFillBackground(False)
        self._area.setToolTip("Everything must be well before the arm may move; a dot is only a note")
        layout = QVBoxLayout(self)
        layout.addWidget(self.headline)
        layout.addWidget(self._area, stretch=1)

    def set_headline(self, headline: Headline) -> None:
        """Show whether the arm may move."""
        self.headline.say(headline.words, TONES[headline.verdict])

    def set_checks(self, checks: Sequence[Check]) -> None:
        """Show the checks: what is to be done stands first, notes last."""
        order = ("bad", "unknown", "good", "note")
        while len(self.rows) < len(checks):
            row = CheckRow(self._lights)
            self.rows.append(row)
            self._list.addWidget(row)
        for row, check in zip(self.rows, sorted(checks, key=lambda check: order.index(check.verdict)), strict=False):
            row.set_check(check)
        for number, row in enumerate(self.rows):
            row.setVisible(number < len(checks))


class CheckRow(QWidget):
    """A light, what was looked at, how it is, and what to do."""

    def __init__(self, lights: Lights, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lights = lights
        self._verdict = ""
        self.light, self.name = QLabel(), Words("strong")
        self.value, self.cure = Words("muted"), Words()
        self.name.setFixedWidth(self.name.fontMetrics().horizontalAdvance("M" * 9))
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(1)
        for label in (self.light, self.name, self.value):
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.light, 0, 0)
        layout.addWidget(self.name, 0, 1)
        layout.addWidget(self.value, 0, 2)
        layout.addWidget(self.cure, 1, 1, 1, 2)
        layout.setColumnStretch(2, 1)

    def set_check(self, check: Check) -> None:
        """Show a check."""
        if check.verdict != self._verdict:
            self._verdict = check.verdict
            self.light.setPixmap(self._lights.pixmap(check.verdict))
        self.name.say(check.name)
        self.value.say(_breakable(check.value), "bad" if check.verdict == "bad" else "")
        self.cure.say(check.cure)


def _breakable(words: str) -> str:
    """Let a line end inside a name, too: one long name would make every line of the list too wide."""
    return re.sub(r"([-_])", "\\1\u200b", words)
