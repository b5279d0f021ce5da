"""The Rounds page: the board of models, their details, and which one the rig uses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from irevla.app.controllers.comparison_controller import ComparisonController, ComparisonView
from irevla.app.controllers.desk import Desk
from irevla.app.controllers.page import Shown
from irevla.app.controllers.training_controller import TrainingController, TrainingView
from irevla.app.graph.bridge import Answer
from irevla.app.graph.facts import EpisodeClosed, Fact
from irevla.app.graph.records import Lineage
from irevla.app.graph.requests import ListModels, PromoteModel, RollBackModel
from irevla.app.models.question import Question
from irevla.app.models.rounds.lineage_board import Card, Details, cards, details, history
from irevla.app.models.rounds.lineage_book import LineageBook
from irevla.app.models.rounds.promotion import override_question, promote_question, roll_back_question

PERIOD_S = 0.1
RECOUNT_S = 5.0  # after a label, before the store is looked at again


@dataclass(frozen=True)
class RoundsState:
    """One field a part of the view."""

    cards: tuple[Card, ...]
    selected: str
    empty: str  # what to say in place of cards
    details: Details
    history: tuple[tuple[str, ...], ...]
    promote: str  # words on the button; "" when there is nothing to promote
    roll_back: str
    jobs: tuple[float | None, bool]  # share of the round done, whether a comparison runs


class RoundsView(Protocol):
    """What the controller needs of the view; each ``set_`` is a field of RoundsState."""

    @property
    def training(self) -> TrainingView:
        """The part about supervised rounds."""

    @property
    def comparison(self) -> ComparisonView:
        """The part about comparisons."""

    def on_selected(self, call: Callable[[str], None]) -> None:
        """Have ``call`` called with the hash of the model that is clicked."""

    def on_refresh(self, call: Callable[[], None]) -> None:
        """Have ``call`` called when the person wants the newest."""

    def on_promote(self, call: Callable[[], None]) -> None:
        """Have ``call`` called when the selected model is to be promoted."""

    def on_roll_back(self, call: Callable[[], None]) -> None:
        """Have ``call`` called when the model before is to be used again."""

    def confirm(self, question: Question, call: Callable[[str], None]) -> None:
        """Ask, and call ``call`` with the reason given unless the answer is no; returns at once."""


class RoundsController:
    """See Page."""

    def __init__(self, desk: Desk, view: RoundsView, now: Callable[[], datetime] = datetime.now) -> None:
        """``now`` is the wall clock, for the names of rounds."""
        self._desk, self._view = desk, view
        self._shown = Shown(view)
        self._shown_s = float("-inf")
        self._book = LineageBook()
        self._cards: tuple[Card, ...] = ()
        self._selected = ""
        self._empty = "asking for the lineage"
        self._is_stale, self._counted_s = False, float("-inf")
        self._training = TrainingController(desk, view.training, self.refresh, now)
        self._comparison = ComparisonController(desk, view.comparison, self.refresh)
        view.on_selected(self.select)
        view.on_refresh(self.refresh)
        view.on_promote(self.promote)
        view.on_roll_back(self.roll_back)

    def take(self, fact: Fact) -> None:
        """See Page."""
        if isinstance(fact, EpisodeClosed):
            self._is_stale = True

    def show(self, now_s: float) -> None:
        """See Page; at most ten times a second."""
        if now_s - self._shown_s < PERIOD_S:
            return
        self._shown_s = now_s
        if self._is_stale and now_s - self._counted_s > RECOUNT_S:
            self._is_stale, self._counted_s = False, now_s
            self._training.count()
        self._shown.show(self._state())
        self._training.show(self._book, self._selected)
        self._comparison.show(self._book, self._selected)

    def opened(self) -> None:
        """See Page."""
        self.refresh()

    def refresh(self) -> None:
        """Ask for the lineage, and for what a round can learn from."""
        self._desk.bridge.ask(ListModels(), self._on_models)
        self._training.count()

    def select(self, model_hash: str) -> None:
        """Look at a model."""
        self._selected = model_hash

    def promote(self) -> None:
        """Have the rig use the selected model, after a question; a refusal can be overridden with a reason."""
        model_hash = self._selected
        self._view.confirm(
            promote_question(self._book, model_hash), lambda why: self._promote(model_hash, why, override=False)
        )

    def roll_back(self) -> None:
        """Have the rig use the model before the present one, after a question."""
        back = self._book.name(self._book.before_promoted)

        def go(why: str) -> None:
            request = RollBackModel(who=self._desk.operator, why=why)
            self._desk.ask(request, f"{back} is used again", lambda _: self.refresh())

        self._view.confirm(roll_back_question(self._book), go)

    def _promote(self, model_hash: str, why: str, *, override: bool) -> None:
        name = self._book.name(model_hash)

        def on_answer(answer: Answer) -> None:
            if answer.success:
                self._desk.tell("good", f"{name} is promoted: the policy acts with it from now on")
                self.refresh()
                return
            self._desk.tell("bad", answer.message)
            if answer.needs_override:
                self._view.confirm(
                    override_question(self._book, model_hash, answer.message),
                    lambda reason: self._promote(model_hash, reason, override=True),
                )

        request = PromoteModel(model_hash=model_hash, who=self._desk.operator, why=why, override_gate=override)
        self._desk.bridge.ask(request, on_answer)

    def _on_models(self, answer: Answer) -> None:
        if not answer.success or not isinstance(answer.result, Lineage):
            self._empty = answer.message or "the lineage node does not answer"
            self._desk.tell("bad", self._empty)
            return
        self._book = LineageBook(answer.result)
        self._cards = cards(self._book)
        self._empty = "no model yet: record demonstrations, then begin a stage-0 round under Train"
        if self._book.model(self._selected) is None:
            newest = self._book.newest_first
            self._selected = newest[0].model_hash if newest else ""

    def _state(self) -> RoundsState:
        book, model, promoted = self._book, self._book.model(self._selected), self._book.promoted
        is_new = model is not None and not model.is_promoted and model.exists
        back = book.before_promoted
        return RoundsState(
            cards=self._cards,
            selected=self._selected,
            empty="" if self._cards else self._empty,
            details=details(book, self._selected),
            history=history(book),
            promote=f"Promote {book.name(self._selected)}" if is_new else "",
            roll_back=f"Roll back to {book.name(back)}" if back and promoted is not None else "",
            jobs=(self._training.share, self._comparison.is_running),
        )
