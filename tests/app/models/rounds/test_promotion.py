"""Questions before another model is used: both models are named."""

from irevla.app.graph.fake.lineage import FakeLineage, model_hash
from irevla.app.graph.records import Lineage
from irevla.app.graph.requests import ListModels
from irevla.app.models.rounds.lineage_book import LineageBook
from irevla.app.models.rounds.promotion import override_question, promote_question, roll_back_question


def book() -> LineageBook:
    answer = FakeLineage().answer(ListModels(), 0.0)
    assert answer is not None and isinstance(answer.result, Lineage)
    return LineageBook(answer.result)


def test_a_promotion_names_the_new_and_the_present_model() -> None:
    question = promote_question(book(), model_hash(7))
    assert "#7 stage 1" in question.title
    assert "in place of #6 stage 2" in question.words
    assert question.reason == "optional"


def test_an_override_shows_the_refusal_and_needs_a_reason() -> None:
    question = override_question(book(), model_hash(7), "0 labelled pairs")
    assert question.words.startswith("0 labelled pairs")
    assert (question.reason, question.is_risky) == ("needed", True)


def test_a_roll_back_names_both() -> None:
    question = roll_back_question(book())
    assert question.title.startswith("Roll back to #3 stage 2")
    assert "no longer with #6 stage 2" in question.words
