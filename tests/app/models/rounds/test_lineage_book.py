"""Questions asked of the lineage."""

from __future__ import annotations

from irevla.app.graph.records import Lineage, ModelInfo, Promotion, RoundInfo
from irevla.app.models.rounds.lineage_book import LineageBook


def model(number: int, *, is_promoted: bool = False) -> ModelInfo:
    return ModelInfo(number, f"/models/{number}", f"{number}" * 12, "", 2, "", 0.0, True, is_promoted, ())


def promotion(number: int, *, is_rollback: bool = False) -> Promotion:
    return Promotion(f"{number}" * 12, "", "ann", "", is_rollback, 0.0)


def back(*promotions: Promotion) -> str:
    return LineageBook(Lineage((), (), promotions)).before_promoted


def test_a_roll_back_goes_to_the_model_promoted_before_not_to_the_last_one_used() -> None:
    assert back() == back(promotion(1)) == ""
    assert back(promotion(1), promotion(2), promotion(3)) == "2" * 12
    assert back(promotion(1), promotion(2), promotion(3), promotion(2, is_rollback=True)) == "1" * 12
    assert back(promotion(1), promotion(2), promotion(1, is_rollback=True)) == ""
    assert back(promotion(1, is_rollback=True), promotion(1), promotion(2)) == "1" * 12


def test_a_model_is_named_by_number_stage_and_hash() -> None:
    book = LineageBook(Lineage((model(4),), (), ()))
    assert book.name("4" * 12) == "#4 stage 2 (44444444)"
    assert book.name("9" * 12) == "a model that is not listed (99999999)"
    assert book.name("") == "none"


def test_the_promoted_model_and_unfinished_rounds_are_found() -> None:
    rounds = tuple(RoundInfo(name, 0, "", "", 1, 0, 0.0, made) for name, made in (("a", ""), ("b", "1"), ("c", "")))
    book = LineageBook(Lineage((model(1), model(2, is_promoted=True)), rounds, ()))
    assert book.promoted == model(2, is_promoted=True)
    assert [entry.round_id for entry in book.unfinished] == ["c", "a"]
    assert LineageBook().promoted is None
