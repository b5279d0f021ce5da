"""The episode's panel: where it is, what can be done, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QApplication, QCheckBox, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from irevla.app.models.episode_desk import Controls, Flash
from irevla.app.models.plan import Plan
from irevla.app.views.episode.command_buttons import CommandButtons
from irevla.app.views.episode.confirmation import Confirmation
from irevla.app.views.episode.plan_editor import PlanEditor
from irevla.app.views.key_filter import WRITES
from irevla.app.views.theme import Theme

WIDTH_EM = 21


class EpisodePanel(QFrame):
    """Shows EpisodeState."""

    next_by_itself_requested = pyqtSignal(bool)

    def __init__(
        self,
        keys: Mapping[str, str],
        instructions: Mapping[str, str],
        default_steps: int,
        theme: Theme,
        guide: QWidget,
    ) -> None:
        """``keys``: command -> key; ``instructions``: task -> its words; ``default_steps``: of an episode."""
        super().__init__()
        self.setProperty("role", "card")
        self.setFixedWidth(WIDTH_EM * theme.text_px)  # words come and go: the pictures beside it stay where they are
        self.confirmation = Confirmation(guide)
        self.commands = CommandButtons(keys)
        self.plan = PlanEditor(instructions, default_steps)
        self.next_by_itself = QCheckBox("next reset by itself")
        self.next_by_itself.setToolTip(
            "After a label; never while the arm is held, and never when the pre-flight is not green"
        )
        self.next_by_itself.clicked.connect(self.next_by_itself_requested)
        self.last, self.typing = QLabel(), QLabel("keys write into the field: Return gives them back")
        self.last.setProperty("role", "muted")
        self.typing.setProperty("tone", "warn")
        for label in (self.last, self.typing):
            label.setWordWrap(True)
        self.typing.hide()
        switches = QHBoxLayout()
        switches.addWidget(self.plan.explore)
        switches.addStretch()
        switches.addWidget(self.next_by_itself)
        column = QVBoxLayout(self)
        column.addWidget(self.confirmation, stretch=1)
        for widget in (self.commands, self.last, self.plan, self.typing):
            column.addWidget(widget)
        column.addLayout(switches)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)

    def on_command(self, call: Callable[[str], None]) -> None:
        """See EpisodeView."""
        self.commands.on_command(call)

    def on_plan(self, call: Callable[[Plan], None]) -> None:
        """See EpisodeView."""
        self.plan.plan_edited.connect(call)

    def on_next_by_itself(self, call: Callable[[bool], None]) -> None:
        """See EpisodeView."""
        self.next_by_itself_requested.connect(call)

    def set_situation(self, words: str) -> None:
        """Show where the episode is."""
        self.confirmation.set_situation(words)

    def set_hint(self, words: str) -> None:
        """Show what the person does about it."""
        self.confirmation.set_hint(words)

    def set_controls(self, controls: Controls) -> None:
        """Show which buttons mean something now."""
        self.commands.set_controls(controls)

    def set_flash(self, flash: Flash | None) -> None:
        """Show what was just done."""
        self.confirmation.set_flash(flash)

    def set_plan(self, plan: Plan) -> None:
        """Show what comes next."""
        self.plan.set_plan(plan)

    def set_next_by_itself(self, is_on: bool) -> None:
        """Show whether the next reset starts by itself; setting a box does not click it."""
        self.next_by_itself.setChecked(is_on)

    def set_last(self, words: str) -> None:
        """Show how long the last episode took."""
        self.last.setText(words)
        self.last.setVisible(bool(words))

    def _on_focus(self, _: QWidget | None, now: QWidget | None) -> None:
        self.typing.setVisible(isinstance(now, WRITES) and self.isAncestorOf(now))
