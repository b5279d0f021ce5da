"""Promotion and roll-back: the policy node serves the model first, then the log says so."""

from __future__ import annotations

from collections.abc import Callable

from irevla.config.errors import StoreError, WrongStateError
from irevla.training.store.episode_store import EpisodeStore
from irevla.training.store.lineage.promotions import PromotionRecord
from irevla_nodes.lineage.gate import Gate, check_directory
from irevla_nodes.lineage.log_words import log_words
from irevla_nodes.lineage.model_book import Model, ModelBook

Load = Callable[[Model], None]


class Promoter:
    """Changes which model is promoted; the caller sees to it that one thing happens at a time."""

    def __init__(self, store: EpisodeStore, gate: Gate, load: Load) -> None:
        """``load`` has the policy node serve a model and raises an IrevlaError when it does not."""
        self._store = store
        self._gate = gate
        self._load = load

    def promote(self, model_hash: str, who: str, why: str, *, override_gate: bool = False) -> PromotionRecord:
        """Promote a model that passes the gate, or any whole one with ``override_gate`` and a reason."""
        who, why = log_words("who", who), log_words("why", why, is_needed=override_gate)
        book = ModelBook.read(self._store)
        model, promoted = book.model(model_hash), book.promoted_hash
        if model.model_hash == promoted:
            raise WrongStateError(f"model {promoted[:12]} is the promoted one already")
        outcomes = book.outcomes(promoted, model.model_hash)
        overridden = self._gate.check(model, promoted, outcomes, is_overridden=override_gate)
        return self._use(model, book, who, f"{why} (gate overridden: {overridden})" if overridden else why)

    def roll_back(self, who: str, why: str) -> PromotionRecord:
        """Go back to the model that was promoted before the present one."""
        who, why = log_words("who", who), log_words("why", why, is_needed=False)
        book = ModelBook.read(self._store)
        if len(book.line) < 2:
            only = f"only {book.promoted_hash[:12]} is left" if book.line else "no model was ever promoted"
            raise WrongStateError(f"nothing to roll back to: {only}; lineage/promote takes any model of the store")
        model = book.model(book.line[-2])
        check_directory(model)
        return self._use(model, book, who, why, is_rollback=True)

    def promoted(self) -> Model | None:
        """Return the promoted model, None while there is none."""
        book = ModelBook.read(self._store)
        return book.model(book.promoted_hash) if book.line else None

    def _use(self, model: Model, book: ModelBook, who: str, why: str, *, is_rollback: bool = False) -> PromotionRecord:
        self._load(model)
        try:
            return self._store.promotions.add(model.model_hash, who, why, is_rollback=is_rollback)
        except StoreError:
            if book.line:
                self._load(book.model(book.promoted_hash))  # what is served is what the log says
            raise
