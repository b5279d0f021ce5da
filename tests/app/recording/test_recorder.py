"""A row of demonstrations: what is asked of the session, and when."""

from __future__ import annotations

from typing import Any

import pytest

from irevla.app.graph.bridge import Answer
from irevla.app.graph.facts import Button, Phase
from irevla.app.graph.records import Made
from irevla.app.graph.requests import ConfirmReset, Hold, LabelEpisode, Resume, StartEpisode, StopEpisode

NOBODY = Answer(False, "service session/start is not there; is the session node running?", is_there=False)


def label(name: str, episode_id: str = "one") -> LabelEpisode:
    return LabelEpisode(episode_id=episode_id, label=name, who="ada")


def test_an_episode_is_started_once_ended_and_labelled_by_one_key_and_the_next_begins(row: Any) -> None:
    row.run()
    row.recorder.press("success")
    row.session(Phase.AWAITING_LABEL)
    row.close("success")
    assert row.asked == [
        StartEpisode(task="open_drawer", mode="teleop", kind="demo", seed=100),
        StopEpisode(),
        label("success"),
        StartEpisode(task="open_drawer", mode="teleop", kind="demo", seed=101),
    ]
    assert row.recorder.successes == 1


def test_a_devices_button_labels_as_a_key_does_but_its_hold_has_reached_the_arbiter_already(row: Any) -> None:
    row.run()
    row.turn(Button(received_s=0.0, device="gamepad: Pad", command="hold"))
    assert row.kinds == [StartEpisode]
    row.turn(Button(received_s=0.0, device="gamepad: Pad", command="failure"))
    row.session(Phase.AWAITING_LABEL)
    assert row.asked[1:] == [StopEpisode(), label("failure")]


def test_nothing_is_asked_before_session_and_arbiter_are_heard(makers: Any) -> None:
    row = makers.row()
    row.graph.told.clear()
    row.session(Phase.IDLE)
    assert row.recorder.session is None and row.asked == []


def test_quitting_before_the_session_is_heard_waits_for_nothing(makers: Any) -> None:
    row = makers.row()
    row.recorder.press("stop")
    row.turn()
    assert row.recorder.is_over and row.asked == []


def test_a_session_that_discovery_has_not_found_yet_is_asked_again(makers: Any) -> None:
    row = makers.row()
    row.graph.answers[StartEpisode] = NOBODY
    row.session(Phase.IDLE, Phase.IDLE, Phase.IDLE)
    assert (row.kinds, row.recorder.note) == ([StartEpisode] * 3, "")
    row.session(*[Phase.IDLE] * 5)
    assert row.recorder.note == NOBODY.message
    assert row.kinds == [StartEpisode] * 5


def test_an_answer_that_comes_before_the_sessions_word_starts_nothing_twice(row: Any) -> None:
    row.session(Phase.IDLE, Phase.IDLE, Phase.IDLE, episode_id="")
    assert row.kinds == [StartEpisode]


def test_the_row_ends_after_so_many_successes(makers: Any) -> None:
    row = makers.row(count=1)
    row.session(Phase.IDLE, episode_id="")
    row.run()
    row.recorder.press("done")
    row.session(Phase.AWAITING_LABEL, Phase.AWAITING_LABEL)
    assert not row.recorder.is_over
    row.recorder.press("success")
    row.turn()
    row.close("success")
    assert row.recorder.is_over and not row.recorder.failure


def test_what_is_thrown_away_is_done_again_with_the_same_scene(row: Any) -> None:
    row.run()
    row.recorder.press("discard")
    row.session(Phase.AWAITING_LABEL)
    row.close("discard")
    assert [request.seed for request in row.asked if isinstance(request, StartEpisode)] == [100, 100]


def test_the_automatic_operators_word_is_replaced_by_the_persons(row: Any) -> None:
    row.run()
    row.recorder.press("success")
    row.close("failure")
    assert row.asked[1:] == [StopEpisode(), label("success")]
    row.close("success")
    assert (row.recorder.successes, row.recorder.labels.count("open_drawer", "failure")) == (1, 0)


def test_the_same_word_of_the_automatic_operator_is_not_said_again(row: Any) -> None:
    row.run()
    row.recorder.press("success")
    row.close("success")
    assert row.kinds == [StartEpisode, StopEpisode, StartEpisode]


def test_a_refused_label_says_why_and_is_not_given_again_by_itself(row: Any) -> None:
    row.graph.answers[LabelEpisode] = Answer(False, "the disk is full")
    row.run()
    row.recorder.press("success")
    row.session(Phase.AWAITING_LABEL, Phase.AWAITING_LABEL, Phase.AWAITING_LABEL)
    assert row.recorder.note == "the disk is full"
    assert row.kinds == [StartEpisode, StopEpisode, LabelEpisode]


def test_an_episode_that_awaits_its_label_is_offered_first(makers: Any) -> None:
    row = makers.row()
    row.session(Phase.AWAITING_LABEL, episode_id="old")
    assert "awaits its label" in row.recorder.note
    assert row.asked == []
    row.recorder.press("failure")
    row.turn()
    row.close("failure", "old")
    assert row.asked[0] == label("failure", "old")
    assert row.kinds == [LabelEpisode, StartEpisode]


@pytest.mark.parametrize("phase", [Phase.RESETTING, Phase.READY, Phase.RUNNING])
def test_a_session_that_is_busy_is_left_alone(makers: Any, phase: Phase) -> None:
    row = makers.row()
    row.session(phase, episode_id="somebody's")
    assert row.recorder.is_over
    assert f"the session is busy: an episode of open_drawer (teleop) is {phase.words}" in row.recorder.failure
    assert row.asked == []


def test_somebody_elses_episode_in_between_is_neither_stopped_nor_labelled(makers: Any) -> None:
    row = makers.row()
    row.graph.answers[StartEpisode] = Answer(False, "the session is resetting")
    row.session(Phase.IDLE)
    row.session(Phase.RUNNING, Phase.RUNNING, episode_id="somebody's")
    row.recorder.press("success")
    assert not row.recorder.steers
    row.recorder.press("stop")
    row.session(Phase.RUNNING, episode_id="somebody's")
    assert row.kinds == [StartEpisode]
    assert row.recorder.is_over


def test_a_refused_start_says_why_and_is_not_tried_again_until_it_is_asked_for(makers: Any) -> None:
    row = makers.row()
    row.graph.answers[StartEpisode] = Answer(False, "the arm is held: call arbiter/resume first")
    row.session(Phase.IDLE, Phase.IDLE, Phase.IDLE)
    assert row.recorder.note == "the arm is held: call arbiter/resume first"
    assert row.kinds == [StartEpisode]
    row.graph.answers[Resume] = Answer(True, "the arm may move again")
    row.recorder.press("resume")
    row.turn()
    assert row.recorder.note == "the arm may move again"
    row.recorder.press("start")
    row.turn()
    assert row.kinds == [StartEpisode, Resume, StartEpisode]


@pytest.mark.parametrize("phase", Phase)
def test_a_hold_is_asked_for_at_once_in_every_phase(row: Any, phase: Phase) -> None:
    row.session(phase)
    row.recorder.press("hold")
    assert row.kinds[-1] is Hold


def test_a_guided_reset_is_confirmed_by_start_and_never_by_a_label(row: Any) -> None:
    row.session(Phase.RESETTING)
    row.session(Phase.READY, detail="put the objects back, then confirm")
    row.recorder.press("success")
    assert row.kinds == [StartEpisode]
    row.recorder.press("start")
    assert row.kinds == [StartEpisode, ConfirmReset]


def test_a_label_that_comes_as_the_episode_begins_was_not_meant_for_it(row: Any) -> None:
    row.session(Phase.RUNNING)
    row.recorder.press("success")
    assert row.kinds == [StartEpisode]
    assert "press again" in row.recorder.note


def test_quitting_ends_the_episode_and_leaves_it_to_be_labelled(row: Any) -> None:
    row.run()
    row.recorder.press("stop")
    row.turn()
    assert row.kinds == [StartEpisode, StopEpisode]
    assert not row.recorder.is_over
    row.session(Phase.AWAITING_LABEL)
    assert row.recorder.is_over
    assert "the episode one of open_drawer is stored and awaits its label" in row.recorder.note


def test_quitting_while_a_start_is_unanswered_still_ends_its_episode(makers: Any, monkeypatch: Any) -> None:
    row, late = makers.row(), []
    with monkeypatch.context() as slow:
        slow.setattr(row.bridge, "ask", lambda request, on_answer: late.append(on_answer))
        row.session(Phase.IDLE)
    row.recorder.press("stop")
    row.session(Phase.RESETTING)
    assert not row.recorder.is_over
    late.pop()(Answer(True, result=Made(episode_id="one")))
    row.turn()
    assert row.kinds == [StopEpisode]


def test_an_undo_takes_the_last_label_back(row: Any, makers: Any) -> None:
    row.recorder.press("undo")
    assert "no label was given" in row.recorder.note
    row.turn(makers.closed("one", "success"))
    row.recorder.press("undo")
    assert row.asked[-1] == label("undo")


def test_a_silent_session_ends_the_row_in_words(row: Any) -> None:
    for _ in range(5):
        row.turn()
    assert not row.recorder.is_over
    row.turn()
    assert row.recorder.is_over
    assert "silent for 5 s" in row.recorder.failure


def test_a_session_that_grants_a_start_and_does_not_move_is_given_up(row: Any) -> None:
    row.session(*[Phase.IDLE] * 32, episode_id="")
    assert "asked for 30 s to go on and has not moved" in row.recorder.note
    assert row.kinds == [StartEpisode]


def test_an_episode_that_never_ran_pauses_the_row_and_says_why(row: Any) -> None:
    row.session(Phase.RESETTING)
    row.session(Phase.IDLE, Phase.IDLE, episode_id="", detail="the reset failed: blocked")
    assert row.recorder.note == "nothing of the episode was kept: the reset failed: blocked"
    assert row.kinds == [StartEpisode]
