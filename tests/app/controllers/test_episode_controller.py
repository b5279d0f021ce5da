"""The episode's controls with a view that is no widget, and a graph that answers when the test says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from irevla.app.graph.facts import EpisodeClosed, Phase
from irevla.app.graph.records import EpisodeInfo, EpisodePage, Made
from irevla.app.graph.requests import ConfirmReset, LabelEpisode, ListEpisodes, StartEpisode, StopEpisode
from irevla.app.models.episode_desk import FLASH_S
from irevla.app.models.plan import Plan
from irevla.app.models.verdict import SETTLE_S, VERDICT_S

WAITS = "put the objects back, then confirm"
LABELLED = LabelEpisode(label="success", who="kim")


def test_go_starts_the_plan_and_the_seed_grows(sitting: Any) -> None:
    sitting.view.plan(Plan("press_button"))
    sitting.view.plan(Plan("press_button", "push it", "policy", "rl", True, 41, 30))
    sitting.table.episode(Phase.IDLE)
    sitting.view.command("go")
    assert sitting.asked == [
        StartEpisode(task="press_button", instruction="push it", kind="rl", explore=True, seed=41, max_steps=30)
    ]
    assert sitting.controller.plan.seed == 41
    sitting.table.bridge.answer(result=Made("e2"))
    assert sitting.controller.plan.seed == 42
    assert sitting.table.told == [("info", "press_button, policy (rl, explores), seed 41: the arm is reset")]


def test_a_refused_start_keeps_the_seed_and_is_told(sitting: Any) -> None:
    sitting.press("go")
    sitting.table.bridge.answer("only 3 MB free")
    assert sitting.controller.plan.seed == 0
    assert sitting.table.told == [("bad", "only 3 MB free")]


def test_a_seed_that_was_edited_meanwhile_stays(sitting: Any) -> None:
    sitting.press("go")
    sitting.view.plan(replace(sitting.controller.plan, seed=100))
    sitting.table.bridge.answer()
    assert sitting.controller.plan.seed == 100


def test_go_in_a_guided_reset_confirms_it(sitting: Any) -> None:
    sitting.table.episode(Phase.READY, detail=WAITS)
    sitting.press("go")
    assert sitting.asked == [ConfirmReset()]


@pytest.mark.parametrize("phase", [Phase.RESETTING, Phase.READY, Phase.RUNNING, Phase.AWAITING_LABEL])
def test_go_does_nothing_while_something_is_under_way(phase: Phase, sitting: Any) -> None:
    sitting.table.episode(phase)
    sitting.press("go")
    assert sitting.asked == []
    assert sitting.table.told[0][1].startswith("not now: ")


@pytest.mark.parametrize("label", ["success", "failure", "discard"])
def test_a_label_is_sent_only_while_one_is_awaited(label: str, sitting: Any) -> None:
    for phase in set(Phase) - {Phase.AWAITING_LABEL}:
        sitting.table.episode(phase)
        sitting.press(label)
    assert sitting.asked == []
    assert {tone for tone, _ in sitting.table.told} == {"bad"}
    sitting.table.episode(Phase.AWAITING_LABEL)
    sitting.press(label)
    assert sitting.asked == [LabelEpisode(label=label, who="kim")]


def test_a_label_while_the_episode_runs_ends_it_first(sitting: Any) -> None:
    sitting.table.episode(Phase.RUNNING)
    sitting.table.episode(Phase.RUNNING, after_s=SETTLE_S)
    sitting.press("success")
    assert sitting.asked == [StopEpisode()]
    sitting.table.bridge.answer()
    sitting.table.episode(Phase.AWAITING_LABEL)
    assert sitting.asked == [StopEpisode(), LABELLED]


def test_a_label_corrects_what_the_automatic_operator_said_meanwhile(sitting: Any) -> None:
    sitting.table.episode(Phase.RUNNING)
    sitting.table.episode(Phase.RUNNING, after_s=SETTLE_S)
    sitting.press("success")
    sitting.table.bridge.answer()
    sitting.table.episode(Phase.SAVED)
    assert sitting.asked[-1] == replace(LABELLED, episode_id="e1")


def test_a_label_that_comes_as_the_episode_begins_was_meant_for_another(sitting: Any) -> None:
    sitting.table.episode(Phase.RUNNING)
    sitting.press("success")
    assert sitting.asked == []
    assert "press again" in sitting.table.told[-1][1]


@pytest.mark.parametrize("what", ["another episode", "idle", "too late"])
def test_a_label_is_not_given_to_what_it_was_not_meant_for(what: str, sitting: Any) -> None:
    sitting.table.episode(Phase.RUNNING)
    sitting.table.episode(Phase.RUNNING, after_s=SETTLE_S)
    sitting.press("failure")
    sitting.table.bridge.answer()
    match what:
        case "another episode":
            sitting.table.episode(Phase.AWAITING_LABEL, episode_id="e2")
        case "idle":
            sitting.table.episode(Phase.IDLE)
        case _:
            sitting.table.episode(Phase.AWAITING_LABEL, after_s=VERDICT_S + 0.1)
    assert sitting.asked == [StopEpisode()]
    assert sitting.table.told[-1] == ("bad", "failure was not given: the episode did not end as it should")


def test_two_quick_presses_label_once(sitting: Any) -> None:
    sitting.table.episode(Phase.AWAITING_LABEL)
    sitting.press("success")
    sitting.press("success")
    sitting.press("failure")
    sitting.table.bridge.answer()
    sitting.press("success")  # the state comes after the answer
    assert sitting.asked == [LABELLED]
    assert sitting.table.told == [("good", "success saved")]


def test_a_refused_label_can_be_given_again(sitting: Any) -> None:
    sitting.table.episode(Phase.AWAITING_LABEL)
    sitting.press("success")
    sitting.table.bridge.answer("the disk is full")
    sitting.press("success")
    assert sitting.asked == [LABELLED, LABELLED]


def test_a_label_flashes_for_three_seconds(sitting: Any) -> None:
    sitting.table.episode(Phase.AWAITING_LABEL)
    assert sitting.shown()["flash"] is None
    sitting.press("failure")
    assert sitting.shown()["flash"] is None  # nothing is saved yet
    sitting.table.bridge.answer()
    flash = sitting.shown(after_s=FLASH_S - 0.1)["flash"]
    assert (flash.tone, flash.words) == ("bad", "FAILURE saved, 0 takes it back")
    assert sitting.shown(after_s=FLASH_S + 0.1)["flash"] is None


def test_the_times_that_the_session_measured_are_shown(sitting: Any) -> None:
    values: dict[str, Any] = dict.fromkeys(EpisodeInfo.__dataclass_fields__, "")
    times = {"label_delay_s": 1.84, "run_s": 12.0, "reset_s": 21.0}
    other = EpisodeInfo(**{**values, "episode_id": "e11", **dict.fromkeys(times, 1.0)})
    sitting.table.episode(Phase.AWAITING_LABEL)
    sitting.press("success")
    sitting.table.bridge.answer()
    assert sitting.table.bridge.asked[-1] == ListEpisodes(search="e1", limit=1)
    info = EpisodeInfo(**{**values, "episode_id": "e1", **times})
    sitting.table.bridge.answer(result=EpisodePage(2, (other, info)))
    assert sitting.shown()["last"] == "labelled after 1.8 s, ran 12 s, reset 21 s"


def test_undo_takes_the_last_label_back_and_the_episode_can_be_labelled_again(sitting: Any) -> None:
    sitting.table.episode(Phase.AWAITING_LABEL)
    sitting.labelled("failure")
    assert sitting.shown()["controls"].can_undo
    sitting.press("undo")
    sitting.press("undo")
    sitting.table.bridge.answer()
    assert sitting.shown()["flash"].words == "label taken back: 1 success, 2 failure, 3 discard"
    sitting.table.episode(Phase.AWAITING_LABEL, detail="its label was taken back")
    sitting.press("success")
    assert sitting.asked[1:] == [LabelEpisode(label="undo", who="kim"), LABELLED]


def test_an_undo_on_another_page_lets_the_episode_be_labelled_again(sitting: Any) -> None:
    sitting.table.episode(Phase.AWAITING_LABEL)
    sitting.labelled()
    sitting.table.hear(
        EpisodeClosed(
            received_s=sitting.table.now_s,
            episode_id="e1",
            task="pick_red_block",
            kind="eval",
            label="",
            steps=60,
            terminated=False,
            weights_version=1,
            relabel=True,
        )
    )
    sitting.table.episode(Phase.AWAITING_LABEL)
    sitting.press("success")
    assert sitting.asked == [LABELLED, LABELLED]


def test_an_undo_while_the_next_episode_begins_says_where_the_last_one_waits(sitting: Any) -> None:
    sitting.table.episode(Phase.RESETTING, episode_id="e2")
    sitting.press("undo")
    sitting.table.bridge.answer()
    assert sitting.shown()["flash"].words == "label taken back: it waits on the Episodes page"


def test_stop_ends_what_runs_and_nothing_else(sitting: Any) -> None:
    sitting.press("stop")
    assert sitting.table.told == [("bad", "there is nothing to stop: no episode runs")]
    sitting.table.episode(Phase.RUNNING)
    sitting.press("stop")
    sitting.press("stop")
    assert sitting.asked == [StopEpisode()]


def test_nothing_starts_while_the_arm_is_held_or_the_preflight_is_not_green(sitting: Any) -> None:
    sitting.table.held("stop button")
    sitting.press("go")
    sitting.table.held()
    sitting.why_not = "pre-flight: camera wrist is silent"
    sitting.press("go")
    assert sitting.asked == []
    assert [words for _, words in sitting.table.told] == [
        "no episode is started: the arm is held (stop button): resume it first",
        "no episode is started: pre-flight: camera wrist is silent",
    ]


def test_the_next_reset_starts_by_itself_once_after_a_label(sitting: Any) -> None:
    sitting.view.switch(True)
    sitting.table.episode(Phase.AWAITING_LABEL)
    sitting.labelled()
    sitting.table.bridge.answer()
    sitting.table.episode(Phase.SAVED)  # said again at 2 Hz
    assert sitting.asked == [LABELLED, StartEpisode(task="pick_red_block", seed=0)]


def test_the_next_reset_starts_by_itself_too_when_the_state_comes_before_the_answer(
    make_table: Any, make_sitting: Any
) -> None:
    sitting = make_sitting(make_table("dashboard.next_by_itself=true"))
    assert sitting.shown()["next_by_itself"]
    sitting.table.episode(Phase.AWAITING_LABEL)
    sitting.press("success")
    sitting.table.episode(Phase.SAVED)
    sitting.table.bridge.answer()
    assert sitting.asked == [LABELLED, StartEpisode(task="pick_red_block", seed=0)]


@pytest.mark.parametrize("because", ["hold", "preflight", "switch"])
def test_the_next_reset_never_starts_by_itself_when_it_must_not(because: str, sitting: Any) -> None:
    sitting.view.switch(because != "switch")
    sitting.why_not = "pre-flight: no camera" if because == "preflight" else ""
    sitting.table.held("stop button" if because == "hold" else "")
    sitting.table.episode(Phase.AWAITING_LABEL)
    sitting.labelled()
    sitting.why_not = ""
    sitting.table.held()
    sitting.table.episode(Phase.SAVED)  # nor later, when nobody expects it
    assert sitting.asked == [LABELLED]


def test_somebody_elses_label_starts_nothing(sitting: Any) -> None:
    sitting.view.switch(True)
    sitting.table.episode(Phase.AWAITING_LABEL)
    sitting.table.episode(Phase.SAVED, detail="success")
    assert sitting.asked == []


def test_another_task_has_its_own_words(sitting: Any) -> None:
    sitting.view.plan(Plan("pick_red_block", instruction="grab it"))
    assert sitting.controller.plan.instruction == "grab it"
    sitting.view.plan(Plan("press_button", instruction="grab it"))
    assert sitting.controller.plan == Plan("press_button")


def test_demonstrations_are_planned_until_the_panel_is_opened_again(sitting: Any) -> None:
    sitting.view.plan(Plan("pick_red_block", kind="rl", explore=True, seed=4))
    for _ in range(2):  # the page may be opened twice
        sitting.controller.plan_demonstrations()
    assert sitting.controller.plan == Plan("pick_red_block", mode="teleop", kind="demo", seed=4)
    sitting.controller.opened()
    assert sitting.controller.plan == Plan("pick_red_block", kind="rl", explore=True, seed=4)
