"""The lineage as cards: a child stands to the right of its parent, a second child in a row of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from irevla.app.graph.records import Evaluation, ModelInfo
from irevla.app.models.rounds.lineage_book import SHORT, LineageBook
from irevla.app.models.when import date_words

STAGES = {0: "SFT on D_e", 1: "RL of the head", 2: "SFT on D_e and D_RL"}


@dataclass(frozen=True)
class Card:
    """One model; ``column`` and ``row`` count from 0, ``parent`` is the place of the parent's card."""

    model_hash: str
    column: int
    row: int
    parent: tuple[int, int] | None
    title: str
    made_by: str
    hashes: str
    is_promoted: bool
    is_missing: bool
    evaluations: tuple[Evaluation, ...]


@dataclass(frozen=True)
class Details:
    """Everything about one model."""

    title: str
    badge: str  # "promoted", "directory is missing" or ""
    facts: tuple[tuple[str, str], ...]
    evaluations: tuple[Evaluation, ...]


def cards(book: LineageBook) -> tuple[Card, ...]:
    """Return a card for every model, oldest first; a model without a known parent begins a row."""
    places: dict[str, tuple[int, int]] = {}
    continued: set[str] = set()  # models whose row already goes on with a child
    rows = 0
    found = []
    for model in book.lineage.models:
        parent = places.get(model.parent_hash)
        if parent is None or model.parent_hash in continued:
            row, rows = rows, rows + 1
        else:
            row = parent[1]
            continued.add(model.parent_hash)
        places[model.model_hash] = (0 if parent is None else parent[0] + 1, row)
        found.append(_card(model, places[model.model_hash], parent))
    return tuple(found)


def details(book: LineageBook, model_hash: str) -> Details:
    """Return what there is to say of a model; of none, what to do."""
    model = book.model(model_hash)
    if model is None:
        return Details("no model is chosen", "", (), ())
    made = book.round_of(model_hash)
    facts = [
        ("made by", STAGES.get(model.stage, f"stage {model.stage}")),
        ("on", date_words(model.added)),
        ("parent", book.name(model.parent_hash) if model.parent_hash else "none, a fresh model"),
        ("data", model.data_hash[:SHORT] or "not recorded"),
    ]
    if made is not None:
        facts.append(("round", made.round_id))
        facts.append(("episodes", f"{made.expert_episodes:,} of D_e, {made.online_episodes:,} of D_RL"))
    facts += [("hash", model.model_hash[:32]), ("directory", model.path)]
    badge = "directory is missing" if not model.exists else "promoted" if model.is_promoted else ""
    return Details(f"#{model.number} stage {model.stage}", badge, tuple(facts), model.evaluations)


def history(book: LineageBook) -> tuple[tuple[str, ...], ...]:
    """Return the promotions, newest first: when, which model, who and why."""
    return tuple(
        (
            date_words(entry.stamp),
            ("back to " if entry.is_rollback else "")
            + book.name(entry.model_hash)
            + (f"\nin place of {book.name(entry.previous_hash)}" if entry.previous_hash else ""),
            f"{entry.who}: {entry.why or 'no reason given'}",
        )
        for entry in reversed(book.lineage.promotions)
    )


def _card(model: ModelInfo, place: tuple[int, int], parent: tuple[int, int] | None) -> Card:
    return Card(
        model_hash=model.model_hash,
        column=place[0],
        row=place[1],
        parent=parent,
        title=f"#{model.number} stage {model.stage}",
        made_by=f"{STAGES.get(model.stage, '')}, {date_words(model.added)}",
        hashes=f"{model.model_hash[:SHORT]}  data {model.data_hash[:SHORT] or 'none'}",
        is_promoted=model.is_promoted,
        is_missing=not model.exists,
        evaluations=model.evaluations,
    )


def neighbour(board: Sequence[Card], model_hash: str, columns: int, rows: int) -> str:
    """Return the nearest model in a direction, e.g. (1, 0) for the right; "" when there is none."""
    here = next((card for card in board if card.model_hash == model_hash), None)
    if here is None:
        return board[0].model_hash if board else ""

    def far(card: Card) -> tuple[int, int]:
        along = (card.column - here.column) * columns + (card.row - here.row) * rows
        aside = abs(card.column - here.column) * abs(rows) + abs(card.row - here.row) * abs(columns)
        return aside + along, aside

    ahead = [card for card in board if (card.column - here.column) * columns + (card.row - here.row) * rows > 0]
    return min(ahead, key=far).model_hash if ahead else ""
