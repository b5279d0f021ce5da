"""Where each card stands, and what it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irevla.app.graph.fake.lineage import FakeLineage, model_hash
from irevla.app.graph.records import Lineage, ModelInfo, Promotion
from irevla.app.graph.requests import ListModels
from irevla.app.models.rounds.lineage_board import cards, details, history, neighbour
from irevla.app.models.rounds.lineage_book import LineageBook


def board(*parents: int) -> dict[int, tuple[int, int]]:
    """Models 1, 2, ... with these parents (0 for none): column and row of each."""
    models = tuple(
        ModelInfo(number, "", f"h{number}", f"h{parent}" if parent else "", 0, "", 0.0, True, False, ())
        for number, parent in enumerate(parents, start=1)
    )
    found = cards(LineageBook(Lineage(models, (), ())))
    return {number: (card.column, card.row) for number, card in enumerate(found, start=1)}


@pytest.fixture
def story() -> LineageBook:
    answer = FakeLineage().answer(ListModels(), 0.0)
    assert answer is not None and isinstance(answer.result, Lineage)
    return LineageBook(answer.result)


def test_a_chain_stands_in_one_row() -> None:
    assert board(0, 1, 2) == {1: (0, 0), 2: (1, 0), 3: (2, 0)}


def test_a_second_child_and_a_fresh_model_get_rows_of_their_own() -> None:
    assert board(0, 1, 2, 2, 0, 4) == {1: (0, 0), 2: (1, 0), 3: (2, 0), 4: (2, 1), 5: (0, 2), 6: (3, 1)}


def test_a_model_whose_parent_is_not_listed_begins_a_row() -> None:
    assert board(9) == {1: (0, 0)}


@given(st.lists(st.integers(0, 60), max_size=60))
def test_no_two_cards_share_a_place_whatever_the_lineage(parents: list[int]) -> None:
    places = board(*parents)
    assert len(set(places.values())) == len(places) == len(parents)


def test_a_card_says_what_is_promoted_and_what_is_missing(story: LineageBook) -> None:
    found = {card.title: card for card in cards(story)}
    assert [title for title, card in found.items() if card.is_promoted] == ["#6 stage 2"]
    assert [title for title, card in found.items() if card.is_missing] == ["#5 stage 2"]
    assert found["#6 stage 2"].hashes == f"{model_hash(6)[:8]}  data {story.lineage.models[5].data_hash[:8]}"


def test_details_have_the_round_and_its_episodes(story: LineageBook) -> None:
    shown = details(story, model_hash(6))
    facts = dict(shown.facts)
    assert (shown.title, shown.badge) == ("#6 stage 2", "promoted")
    assert facts["round"] == "stage2-c"
    assert facts["episodes"] == "180 of D_e, 112 of D_RL"
    assert facts["parent"] == story.name(model_hash(4))
    assert details(story, model_hash(5)).badge == "directory is missing"
    assert details(story, "").title == "no model is chosen"


def test_history_is_newest_first_and_says_what_was_rolled_back() -> None:
    entries = (
        Promotion("a" * 12, "", "ann", "first", False, 0.0),
        Promotion("b" * 12, "a" * 12, "ben", "", True, 0.0),
    )
    lines = history(LineageBook(Lineage((), (), entries)))
    assert [line[2] for line in lines] == ["ben: no reason given", "ann: first"]
    assert lines[0][1].startswith("back to ")
    assert "in place of" in lines[0][1] and "in place of" not in lines[1][1]


def test_arrow_keys_find_the_nearest_card_in_their_direction(story: LineageBook) -> None:
    shown = cards(story)  # 1-2-3-4-5 in row 0, 6 and 7 in row 1 under 5 and beyond

    def step(start: int, columns: int, rows: int) -> str:
        return neighbour(shown, model_hash(start), columns, rows)

    assert step(1, 1, 0) == model_hash(2)
    assert step(5, 0, 1) == model_hash(6)
    assert step(6, 0, -1) == model_hash(5)
    assert step(7, -1, 0) == model_hash(6)
    assert step(1, -1, 0) == step(7, 1, 0) == ""
    assert neighbour(shown, "", 1, 0) == model_hash(1)
    assert neighbour((), "", 1, 0) == ""
