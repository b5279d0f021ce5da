"""Who acts, by which model, in which episode."""

from __future__ import annotations

from PyQt6.QtWidgets import QFrame, QVBoxLayout, QWidget

from irevla.app.views.live.rows import Rows, value_label


class ActingCard(QFrame):
    """Shows ActingState."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.instruction, self.episode, self.time = value_label(), value_label(), value_label()
        self.actor, self.model, self.limits = value_label(), value_label(), value_label()
        self.time.setProperty("role", "strong")
        rows = Rows()
        rows.add("told", self.instruction, "the words that the policy hears")
        rows.add("episode", self.episode, "task, kind of episode, seed of its start scene and of exploration")
        rows.add("time", self.time, "since the episode began to run")
        rows.add("actor", self.actor, "who moves the arm; a stop says whose proposal brought it")
        rows.add("model", self.model, "short hash of the model, version of its head, time to decide")
        rows.add("limits", self.limits, "which limits changed the last command before the arm got it")
        column = QVBoxLayout(self)
        column.addLayout(rows)
        column.addStretch()

    def set_instruction(self, words: str) -> None:
        """Show what the policy hears."""
        self.instruction.setText(words)

    def set_episode(self, words: str) -> None:
        """Show task, kind and seed."""
        self.episode.setText(words)

    def set_time(self, words: str) -> None:
        """Show the running time and the step."""
        self.time.setText(words)

    def set_actor(self, words: str) -> None:
        """Show who acts."""
        self.actor.setText(words)

    def set_model(self, words: str) -> None:
        """Show hash, head and inference time."""
        self.model.setText(words)

    def set_limits(self, words: str) -> None:
        """Show what changed the last command, "" for nothing."""
        self.limits.setText(words or "none")
        self.limits.setProperty("tone", "warn" if words else "")
        style = self.limits.style()
        if style is not None:
            style.polish(self.limits)
