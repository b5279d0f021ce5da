"""Old model against new: choose, begin, follow, cancel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from irevla.app.controllers.desk import Desk
from irevla.app.controllers.page import Shown
from irevla.app.graph.bridge import Cancel, CompareProgress, JobEnd, Progress
from irevla.app.models.rounds.comparison import (
    NO_COMPARISON,
    CompareChoice,
    CompareForm,
    CompareStatus,
    Comparison,
    compare_form,
    compare_models,
)
from irevla.app.models.rounds.lineage_book import LineageBook


@dataclass(frozen=True)
class ComparisonState:
    """One field a part of the view."""

    form: CompareForm
    status: CompareStatus


class ComparisonView(Protocol):
    """What the controller needs of the view; each ``set_`` is a field of ComparisonState."""

    def on_choice(self, call: Callable[[str, Any], None]) -> None:
        """Have ``call`` called with a field of CompareChoice and its new value."""

    def on_start(self, call: Callable[[], None]) -> None:
        """Have ``call`` called when the person wants the comparison to begin."""

    def on_cancel(self, call: Callable[[], None]) -> None:
        """Have ``call`` called when the person wants it to end."""


class ComparisonController:
    """A part of the Rounds page; ``on_end`` is called after every comparison."""

    def __init__(self, desk: Desk, view: ComparisonView, on_end: Callable[[], None]) -> None:
        self._desk, self._on_end = desk, on_end
        self._shown = Shown(view)
        self._choice = CompareChoice()
        self._book = LineageBook()
        self._comparison: Comparison | None = None
        self._cancel: Cancel | None = None
        view.on_choice(self.choose)
        view.on_start(self.start)
        view.on_cancel(self.cancel)

    @property
    def is_running(self) -> bool:
        """Whether a comparison of this window is under way."""
        return self._comparison is not None and self._comparison.is_running

    def show(self, book: LineageBook, selected: str) -> None:
        """Bring the view up to date; the selected model is the new one."""
        if book is not self._book:
            self._book = book
            self._fill_in()
        self._choice = replace(self._choice, new_hash=selected)
        comparison = self._comparison
        self._shown.show(
            ComparisonState(form=self._form(), status=NO_COMPARISON if comparison is None else comparison.status())
        )

    def choose(self, field: str, value: Any) -> None:
        """Note what the person has chosen."""
        self._choice = replace(self._choice, **{field: value})

    def start(self) -> None:
        """Begin the comparison as it is shown."""
        form = self._form()
        if form.obstacle:
            self._desk.tell("bad", form.obstacle)
            return
        asked = compare_models(self._choice, self._desk.operator)
        names = self._book.name(asked.old_hash), self._book.name(asked.new_hash)
        comparison = self._comparison = Comparison(asked, *names)

        def on_progress(progress: Progress) -> None:
            if isinstance(progress, CompareProgress):
                comparison.take(progress)

        def on_end(end: JobEnd) -> None:
            comparison.end(end)
            status = comparison.status()
            is_well = end.success or end.is_cancelled
            self._desk.tell("info" if is_well else "bad", status.verdict or status.words)
            self._on_end()

        self._cancel = self._desk.bridge.run(asked, on_progress, on_end)

    def cancel(self) -> None:
        """End the running comparison; its whole pairs stay in the store."""
        if self._comparison is not None and self._cancel is not None and self._comparison.is_running:
            self._comparison.is_cancelling = True
            self._cancel()

    def _form(self) -> CompareForm:
        return compare_form(self._choice, self._book, self._desk.tasks, is_running=self.is_running)

    def _fill_in(self) -> None:
        """Choose the promoted model as the old one, and the tasks that models were evaluated on so far."""
        choice, promoted = self._choice, self._book.promoted
        if self._book.model(choice.old_hash) is None and promoted is not None:
            choice = replace(choice, old_hash=promoted.model_hash)
        if not choice.tasks:
            known = {row.task for model in self._book.lineage.models for row in model.evaluations}
            choice = replace(choice, tasks=frozenset(known & set(self._desk.tasks)))
        self._choice = choice
