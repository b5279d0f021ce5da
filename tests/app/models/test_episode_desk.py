"""What the operator can do now, in plain words."""

from collections.abc import Callable
from typing import Any

import pytest

from irevla.app.graph.facts import EpisodeNow, Phase
from irevla.app.graph.records import EpisodeInfo
from irevla.app.models.episode_desk import controls, flash_of, is_guided, not_now, situation, timing_words
from irevla.app.models.plan import Plan
from irevla.app.models.rig import Rig
from irevla.config.dashboard import KeySettings

KEYS = KeySettings()
PLAN = Plan("pick_red_block", seed=3)
STARTS = "Return starts pick_red_block, policy (eval), seed 3"
MakeEpisode = Callable[..., EpisodeNow]


@pytest.fixture(name="rig_in")
def fixture_rig_in(make_episode_now: MakeEpisode) -> Callable[..., Rig]:
    def make(phase: Phase, **fields: object) -> Rig:
        rig = Rig(("front",))
        rig.take(make_episode_now(phase, **fields))
        return rig

    return make


@pytest.mark.parametrize(
    ("phase", "can"),
    [
        (Phase.IDLE, {"go"}),
        (Phase.RESETTING, {"stop"}),
        (Phase.READY, {"stop"}),
        (Phase.RUNNING, {"stop", "label"}),
        (Phase.AWAITING_LABEL, {"label"}),
        (Phase.SAVED, {"go"}),
    ],
)
def test_each_phase_has_its_things_to_do(phase: Phase, can: set[str], rig_in: Callable[..., Rig]) -> None:
    now = controls(rig_in(phase), has_label=False, asked=())
    assert {"go": now.can_go, "stop": now.can_stop, "label": now.can_label} == {
        name: name in can for name in ("go", "stop", "label")
    }
    assert not now.can_undo


def test_a_guided_reset_is_confirmed_with_the_go_button(rig_in: Callable[..., Rig]) -> None:
    now = controls(rig_in(Phase.READY, detail="put the objects back, then confirm"), has_label=True, asked=())
    assert (now.go, now.can_go, now.can_stop, now.can_undo) == ("confirm", True, True, True)


@pytest.mark.parametrize(
    ("asked", "phase"), [("go", Phase.IDLE), ("stop", Phase.RUNNING), ("label", Phase.AWAITING_LABEL)]
)
def test_what_waits_for_its_answer_is_not_offered_again(asked: str, phase: Phase, rig_in: Callable[..., Rig]) -> None:
    now = controls(rig_in(phase), has_label=True, asked={asked})
    assert not {"go": now.can_go, "stop": now.can_stop, "label": now.can_label}[asked]
    assert now.can_undo == (asked != "label")


def test_only_a_ready_episode_that_asks_for_the_objects_is_guided(make_episode_now: MakeEpisode) -> None:
    words = "put the objects back, then confirm"
    assert is_guided(make_episode_now(Phase.READY, detail=words))
    assert not is_guided(make_episode_now(Phase.READY))
    assert not is_guided(make_episode_now(Phase.RUNNING, detail=words))
    assert not is_guided(None)


def test_nothing_is_started_while_something_runs_and_the_words_say_what_to_press(rig_in: Callable[..., Rig]) -> None:
    assert not_now(rig_in(Phase.RUNNING), KEYS) == "not now: the episode is running (Backspace stops it)"
    assert not_now(rig_in(Phase.AWAITING_LABEL), KEYS) == (
        "not now: label the episode first (1 success, 2 failure, 3 discard)"
    )
    assert not_now(rig_in(Phase.SAVED), KEYS) == ""


@pytest.mark.parametrize(
    ("phase", "fields", "expected"),
    [
        (Phase.IDLE, {"detail": "the reset failed: no arm"}, ("ready to start", f"the reset failed: no arm; {STARTS}")),
        (Phase.READY, {}, ("about to begin", "waiting for the first pictures")),
        (Phase.READY, {"detail": "put the objects back, then confirm"}, ("put the objects back", "then Return")),
        (Phase.AWAITING_LABEL, {"detail": "time is up"}, ("did it work?", "time is up")),
        (Phase.SAVED, {"detail": "success: the scene's predicate holds"}, ("saved: success", STARTS)),
    ],
)
def test_the_situation_says_where_it_is_and_what_to_do(
    phase: Phase, fields: dict[str, Any], expected: tuple[str, str], rig_in: Callable[..., Rig]
) -> None:
    assert situation(rig_in(phase, **fields), PLAN, KEYS) == expected


def test_every_phase_has_words(rig_in: Callable[..., Rig]) -> None:
    assert situation(Rig(("front",)), PLAN, KEYS) == ("ready to start", STARTS)
    assert all(situation(rig_in(phase), PLAN, KEYS)[0] for phase in Phase)


def test_a_running_policy_says_how_to_take_over(rig_in: Callable[..., Rig]) -> None:
    words, hint = situation(rig_in(Phase.RUNNING), PLAN, KEYS)
    assert words == "step 12 of 60"
    assert "take over from the policy while held" in hint


def test_a_label_is_confirmed_in_its_colour_with_the_way_back() -> None:
    assert (flash_of("success", "0").tone, flash_of("success", "0").words) == (
        "good",
        "SUCCESS saved, 0 takes it back",
    )
    assert (flash_of("discard", "F9").tone, flash_of("discard", "F9").words) == ("warn", "DISCARDED, F9 takes it back")


def test_times_that_were_not_measured_are_left_out() -> None:
    values: dict[str, Any] = dict.fromkeys(EpisodeInfo.__dataclass_fields__, "")
    nan = float("nan")
    info = EpisodeInfo(**{**values, "label_delay_s": 1.84, "run_s": nan, "reset_s": 20.6})
    assert timing_words(info) == "labelled after 1.8 s, reset 21 s"
    assert timing_words(EpisodeInfo(**{**values, "label_delay_s": nan, "run_s": nan, "reset_s": nan})) == ""
