"""What is asked before another model is taken into use."""

from __future__ import annotations

from irevla.app.models.question import Question
from irevla.app.models.rounds.lineage_book import LineageBook


def promote_question(book: LineageBook, model_hash: str) -> Question:
    """Ask before a promotion; both models are named."""
    new, old = book.name(model_hash), book.promoted
    before = f"in place of {book.name(old.model_hash)}" if old is not None else "as the first model"
    return Question(
        title=f"Promote {new}?",
        words=f"The policy will act with {new} from now on, {before}. A roll-back takes it back.",
        yes="Promote",
        reason="optional",
    )


def override_question(book: LineageBook, model_hash: str, refusal: str) -> Question:
    """Ask again after a refusal, for a written reason."""
    return Question(
        title=f"{book.name(model_hash)} was not promoted",
        words=f"{refusal}\n\nA gate's refusal can be overridden; the reason goes into the log, with your name. "
        "Missing or changed files cannot.",
        yes="Promote anyway",
        reason="needed",
        is_risky=True,
    )


def roll_back_question(book: LineageBook) -> Question:
    """Ask before a roll-back; both models are named."""
    old = book.promoted
    back = book.name(book.before_promoted)
    instead = f", no longer with {book.name(old.model_hash)}" if old is not None else ""
    return Question(
        title=f"Roll back to {back}?",
        words=f"The policy will act with {back} again{instead}.",
        yes="Roll back",
        reason="optional",
    )
