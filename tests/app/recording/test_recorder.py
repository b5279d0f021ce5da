"""A row of demonstrations: what is asked of the session, and when."""

from __future__ import annotations

import pytest

from irevla.app.recording.demonstrations import Phase, SessionNow
from irevla.app.recording.recorder import Recorder, Request


class FakeDesk:
    """Keeps what it is handed; the test answers."""

    def __init__(self) -> None:
        self.asked: list[Request] = []

    def ask(self, request: Request) -> None:
        self.asked.append(request)


class Row:
    """A recorder, and the session that a test plays to it."""

    def __init__(self, count: int | None = None) -> None:
        self.now_s = 0.0
        self.desk = FakeDesk()
        self.recorder = Recorder("open_drawer", count, self.desk, 0.0)

    def session(self, phase: Phase, episode_id: str = "", detail: str = "") -> None:
        """Let a second pass, then say where the session is."""
        self.now_s += 1.0
        self.recorder.hear(SessionNow(phase, episode_id, "open_drawer", "teleop", detail=detail), self.now_s)
        self.recorder.tick(self.now_s)

    def answer(self, message: str = "", *, is_done: bool = True) -> Request:
        request = self.desk.asked[-1]
        self.recorder.answered(request, is_done, message)
        self.recorder.tick(self.now_s)
        return request

    def press(self, command: str) -> None:
        self.recorder.press(command, self.now_s)
        self.recorder.tick(self.now_s)

    def run(self, episode_id: str = "one") -> None:
        """Bring an episode to where it runs, for a second."""
        assert self.answer(episode_id).kind == "start"
        for phase in ("resetting", "ready", "running", "running"):
            self.session(phase, episode_id)

    def label(self, episode_id: str, label: str) -> None:
        """Take the label that was asked for."""
        assert self.answer() == Request("label", episode_id, label)
        self.recorder.closed(episode_id, "open_drawer", label)

    @property
    def kinds(self) -> list[str]:
        return [request.kind for request in self.desk.asked]


@pytest.fixture
def row() -> Row:
    row = Row()
    row.session("idle")
    return row


def test_an_episode_is_started_once_ended_and_labelled_by_one_key_and_the_next_begins(row: Row) -> None:
    row.run("one")
    row.press("success")
    row.answer()
    row.session("awaiting label", "one")
    row.label("one", "success")
    row.session("saved", "one")
    assert row.kinds == ["start", "stop", "label", "start"]
    assert row.recorder.successes == 1
    assert row.desk.asked[-1].number == 1


def test_an_answer_that_comes_before_the_sessions_word_starts_nothing_twice(row: Row) -> None:
    row.answer("one")
    for _ in range(3):
        row.session("idle")
    assert row.kinds == ["start"]


def test_the_row_ends_after_so_many_successes() -> None:
    row = Row(count=1)
    row.session("idle")
    row.run("one")
    row.press("done")
    row.answer()
    row.session("awaiting label", "one")
    row.press("success")
    row.label("one", "success")
    row.session("saved", "one")
    assert row.recorder.is_over and not row.recorder.failure


def test_what_is_thrown_away_is_done_again_with_the_same_scene(row: Row) -> None:
    row.run("one")
    row.press("discard")
    row.answer()
    row.session("awaiting label", "one")
    row.label("one", "discard")
    row.session("saved", "one")
    assert [request.number for request in row.desk.asked if request.kind == "start"] == [0, 0]


def test_the_automatic_operators_word_is_replaced_by_the_persons(row: Row) -> None:
    row.run("one")
    row.press("success")
    row.answer()
    row.recorder.closed("one", "open_drawer", "failure")
    row.session("saved", "one")
    row.label("one", "success")
    assert row.recorder.demonstrations.label_of("one") == "success"


def test_an_episode_that_awaits_its_label_is_offered_first() -> None:
    row = Row()
    row.session("awaiting label", "old")
    assert "awaits its label" in row.recorder.note
    assert row.kinds == []
    row.press("failure")
    row.label("old", "failure")
    row.session("saved", "old")
    assert row.kinds == ["label", "start"]


@pytest.mark.parametrize("phase", ["resetting", "ready", "running"])
def test_a_session_that_is_busy_is_left_alone(phase: Phase) -> None:
    row = Row()
    row.session(phase, "somebody's")
    assert row.recorder.is_over
    assert "the session is busy" in row.recorder.failure
    assert row.kinds == []


def test_somebody_elses_episode_in_between_is_neither_stopped_nor_labelled(row: Row) -> None:
    row.answer("the session is resetting", is_done=False)
    row.session("running", "somebody's")
    row.press("success")
    assert not row.recorder.steers
    row.press("stop")
    row.session("running", "somebody's")
    assert row.kinds == ["start"]
    assert row.recorder.is_over


def test_a_refused_start_says_why_and_is_not_tried_again_until_it_is_asked_for(row: Row) -> None:
    row.answer("the arm is held: call arbiter/resume first", is_done=False)
    row.session("idle")
    assert row.recorder.note == "the arm is held: call arbiter/resume first"
    assert row.kinds == ["start"]
    row.press("resume")
    row.press("start")
    assert row.kinds == ["start", "resume", "start"]


@pytest.mark.parametrize("phase", ["idle", "resetting", "ready", "running", "awaiting label", "saved"])
def test_a_hold_is_asked_for_at_once_in_every_phase(row: Row, phase: Phase) -> None:
    row.answer("one")
    row.session(phase, "one")
    before = len(row.desk.asked)
    row.press("hold")
    assert row.kinds[before] == "hold"


def test_a_guided_reset_is_confirmed_by_start_and_never_by_a_label(row: Row) -> None:
    row.answer("one")
    row.session("resetting", "one")
    row.session("ready", "one", "put the objects back, then confirm")
    row.press("success")
    assert row.kinds == ["start"]
    row.press("start")
    assert row.kinds == ["start", "confirm"]


def test_a_label_that_comes_as_the_episode_begins_was_not_meant_for_it(row: Row) -> None:
    row.answer("one")
    row.session("running", "one")
    row.press("success")
    assert row.kinds == ["start"]
    assert "press again" in row.recorder.note


def test_quitting_ends_the_episode_and_leaves_it_to_be_labelled(row: Row) -> None:
    row.run("one")
    row.press("stop")
    assert row.answer().kind == "stop"
    assert not row.recorder.is_over
    row.session("awaiting label", "one")
    assert row.recorder.is_over
    assert "the episode one of open_drawer is stored and awaits its label" in row.recorder.note


def test_an_undo_takes_the_last_label_back(row: Row) -> None:
    row.press("undo")
    assert "no label was given" in row.recorder.note
    row.recorder.closed("one", "open_drawer", "success")
    row.press("undo")
    assert row.desk.asked[-1] == Request("label", "one", "undo")


def test_a_silent_session_ends_the_row_in_words(row: Row) -> None:
    row.recorder.tick(row.now_s + 5.1)
    assert row.recorder.is_over
    assert "silent for 5 s" in row.recorder.failure


def test_an_answer_that_never_comes_is_given_up(row: Row) -> None:
    for _ in range(32):
        row.session("idle")
    assert "no answer to start within 30 s" in row.recorder.note
    assert row.kinds == ["start"]


def test_an_episode_that_never_ran_pauses_the_row_and_says_why(row: Row) -> None:
    row.answer("one")
    row.session("resetting", "one")
    row.session("idle", detail="the reset failed: blocked")
    row.session("idle", detail="the reset failed: blocked")
    assert row.recorder.note == "nothing of the episode was kept: the reset failed: blocked"
    assert row.kinds == ["start"]
