"""The comparison's words; which model acts is told at the end only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from irevla.app.graph.bridge import CompareProgress, JobEnd
from irevla.app.graph.records import Evaluation, Lineage, ModelInfo
from irevla.app.models.rounds.comparison import (
    CompareChoice,
    Comparison,
    compare_form,
    compare_models,
    split_words,
    verdict_words,
)
from irevla.app.models.rounds.lineage_book import LineageBook

OLD = ModelInfo(1, "/1", "o" * 12, "", 0, "", 0.0, True, True, (Evaluation("press_button", 1, 2),))
NEW = replace(OLD, number=2, path="/2", model_hash="n" * 12, is_promoted=False, evaluations=())
BOOK = LineageBook(Lineage((OLD, NEW), (), ()))
CHOICE = CompareChoice("o" * 12, "n" * 12, frozenset({"press_button", "open_drawer"}), pairs=5, first_seed=9)


def comparison() -> Comparison:
    return Comparison(compare_models(CHOICE, "ann"), "#1 old", "#2 new")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, ""),
        ({"new_hash": ""}, "choose two models"),
        ({"old_hash": "n" * 12}, "two different models"),
        ({"tasks": frozenset()}, "at least one task"),
    ],
)
def test_what_stands_in_the_way_is_said(change: dict[str, object], words: str) -> None:
    choice = replace(CHOICE, **change)  # type: ignore[arg-type]
    shown = compare_form(choice, BOOK, ("open_drawer", "press_button"), is_running=False).obstacle
    assert words in shown if words else shown == ""


def test_a_missing_directory_and_a_running_comparison_stand_in_the_way() -> None:
    book = LineageBook(Lineage((OLD, replace(NEW, exists=False)), (), ()))
    assert "directory of #2" in compare_form(CHOICE, book, (), is_running=False).obstacle
    assert compare_form(CHOICE, BOOK, (), is_running=True).obstacle == "a comparison is under way"


def test_the_form_says_how_many_episodes_and_lists_evaluated_tasks_first() -> None:
    shown = compare_form(CHOICE, BOOK, ("open_drawer", "press_button"), is_running=False)
    assert shown.size.startswith("20 episodes")  # 2 models, 2 tasks, 5 pairs
    assert shown.tasks == (("press_button", True), ("open_drawer", True))


def test_progress_never_names_a_model() -> None:
    running = comparison()
    running.take(CompareProgress(7, 20, "open_drawer", "e7"))
    status = running.status()
    assert status.share == 0.35
    assert status.words.startswith("episode 7 of 20, open_drawer.")
    assert "#1" not in status.words and "#2" not in status.words
    assert (status.rows, status.verdict) == ((), "")


def test_the_end_has_a_row_for_each_task_and_the_verdict() -> None:
    over = comparison()
    old = (Evaluation("open_drawer", 2, 5), Evaluation("press_button", 3, 5))
    new = (Evaluation("press_button", 5, 5), Evaluation("open_drawer", 1, 5))
    over.end(JobEnd(True, "", wall_s=60.0, old_model=old, new_model=new, only_old=1, only_new=2, passes_gate=True))
    status = over.status()
    assert status.rows == (("open_drawer", old[0], new[1]), ("press_button", old[1], new[0]))
    assert (status.verdict, status.tone) == ("#2 new may be promoted: it was not shown to be worse than #1 old", "good")


def test_a_cancelled_comparison_has_no_verdict() -> None:
    over = comparison()
    over.end(JobEnd(False, "cancelled after 3 whole pairs", is_cancelled=True))
    status = over.status()
    assert (status.words, status.tone, status.verdict, status.is_running) == (
        "the comparison was cancelled after 3 whole pairs",
        "",
        "",
        False,
    )


@pytest.mark.parametrize(
    ("only_old", "only_new", "p_value", "words"),
    [
        (0, 0, 1.0, "every start was solved by both or by neither: nothing tells them apart"),
        (1, 9, 0.0215, "solved by the old one only: 1, by the new one only: 9; hardly by chance (p = 0.0215)"),
        (3, 7, 0.344, "solved by the old one only: 3, by the new one only: 7; easily by chance (p = 0.344)"),
    ],
)
def test_the_split_says_whether_it_is_likely_by_chance(
    only_old: int, only_new: int, p_value: float, words: str
) -> None:
    assert split_words(only_old, only_new, p_value) == words


def test_a_gate_that_refuses_says_why() -> None:
    assert verdict_words(JobEnd(True, "4 labelled pairs"), "#1", "#2") == "#2 may not be promoted: 4 labelled pairs"
