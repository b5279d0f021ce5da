"""What a round learns from, and why it cannot begin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from irevla.app.graph.records import EpisodeInfo, Lineage, ModelInfo, RoundInfo
from irevla.app.graph.requests import TrainRound
from irevla.app.models.rounds.lineage_book import LineageBook
from irevla.app.models.rounds.round_plan import RoundChoice, RoundData, RoundForm, proposed_id, round_form, train_round
from irevla.config.rounds import RoundSettings

PARENT = ModelInfo(4, "/models/4", "p" * 12, "", 1, "", 0.0, True, False, ())
DATA = RoundData(
    expert=(("open_drawer", "d1"), ("press_button", "d2")),
    zero_shot=(("open_drawer", "z1"),),
    rl=(("open_drawer", "r1"), ("press_button", "r2")),
)
ROUNDS = (RoundInfo("done", 2, "", "", 1, 1, 0.0, "p" * 12), RoundInfo("cut-off", 2, "", "", 1, 1, 0.0, ""))
BOOK = LineageBook(Lineage((PARENT,), ROUNDS, ()))
STAGE0, STAGE2 = RoundChoice(0, "a"), RoundChoice(2, "b")


def form(
    choice: RoundChoice, data: RoundData | str = DATA, parent: ModelInfo | None = PARENT, busy: str = ""
) -> RoundForm:
    return round_form(choice, data, parent, BOOK, RoundSettings(), busy)


def test_successes_are_sorted_by_kind_and_nothing_else_is_taken(make_episode_info: Callable[..., EpisodeInfo]) -> None:
    found = RoundData.of(
        make_episode_info(name, kind=kind, label=label)
        for name, kind, label in (
            ("b", "demo", "success"),
            ("a", "demo", "success"),
            ("c", "demo", "failure"),
            ("d", "zero_shot", "success"),
            ("e", "rl", "success"),
            ("f", "eval", "success"),
        )
    )
    assert found == RoundData(
        (("open_drawer", "a"), ("open_drawer", "b")), (("open_drawer", "d"),), (("open_drawer", "e"),)
    )


def test_stage0_asks_for_all_of_d_e_and_nothing_online() -> None:
    assert train_round(STAGE0, DATA, PARENT) == TrainRound(
        round_id="a", stage=0, parent="", expert_episodes=("d1", "d2")
    )


def test_stage2_asks_for_all_of_d_e_and_d_rl_of_the_chosen_tasks() -> None:
    choice = replace(STAGE2, left_out=frozenset({"press_button"}), steps=50, seed=7)
    assert train_round(choice, DATA, PARENT) == TrainRound(
        round_id="b",
        stage=2,
        parent="/models/4",
        expert_episodes=("d1", "d2"),
        online_episodes=("z1", "r1"),
        steps=50,
        seed=7,
    )


def test_a_round_for_the_cluster_says_so() -> None:
    assert train_round(replace(STAGE0, where="remote"), DATA, PARENT).where == "remote"


def test_counts_are_said_before_the_start() -> None:
    shown = form(STAGE2)
    assert shown.expert == "2 demonstrations of 2 tasks"
    assert shown.online == "3 successes: 1 zero-shot, 2 of RL"
    assert shown.tasks == (("open_drawer", 2, True), ("press_button", 1, True))
    assert shown.usual_steps == RoundSettings().stage2_steps
    assert form(STAGE0).usual_steps == RoundSettings().stage0_steps


@pytest.mark.parametrize(
    ("choice", "data", "parent", "words"),
    [
        (STAGE0, DATA, None, ""),
        (STAGE2, DATA, PARENT, ""),
        (STAGE2, DATA, None, "stage 2 starts from a model"),
        (STAGE2, DATA, replace(PARENT, exists=False), "directory of #4 stage 1 (pppppppp) is missing"),
        (STAGE2, replace(DATA, zero_shot=(), rl=()), PARENT, "D_RL is empty"),
        (replace(STAGE2, left_out=frozenset({"open_drawer", "press_button"})), DATA, PARENT, "D_RL is empty"),
        (STAGE0, RoundData(), None, "D_e is empty"),
        (STAGE0, "the session does not answer", None, "the session does not answer"),
        (replace(STAGE0, round_id="../x"), DATA, None, "expected 1 to 128 letters"),
        (replace(STAGE0, round_id=""), DATA, None, "expected 1 to 128 letters"),
        (replace(STAGE0, round_id="done"), DATA, None, "done has made #4"),
    ],
)
def test_what_stands_in_the_way_is_said(
    choice: RoundChoice, data: RoundData | str, parent: ModelInfo | None, words: str
) -> None:
    shown = form(choice, data, parent).obstacle
    assert words in shown if words else shown == ""


def test_a_round_that_was_cut_off_goes_on_under_its_name() -> None:
    shown = form(replace(STAGE0, round_id="cut-off"))
    assert (shown.obstacle, shown.note) == ("", "this round was begun before: it goes on where it was")
    assert form(STAGE0).note == ""


def test_a_running_round_stands_in_the_way_of_all_else() -> None:
    assert form(STAGE0, "not known", busy="x is under way").obstacle == "x is under way"


def test_a_proposed_name_has_stage_and_time() -> None:
    assert proposed_id(2, datetime(2026, 7, 31, 14, 25, 30)) == "stage2-20260731-142530"
