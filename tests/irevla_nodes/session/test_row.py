"""Rows of episodes against a fake graph: how many, which seeds, which head, and what ends a row early."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from irevla.config.errors import WrongStateError
from irevla_nodes.session import row as row_module
from irevla_nodes.session.row import LearnerProgress, Row, RowResult, RowSpec
from irevla_nodes.session.snapshot import EpisodeEnd


@dataclass
class FakeGraph:
    """Ends every episode at once with the next of ``labels``; the learner follows one episode behind."""

    labels: list[str]
    lag: int = 0
    learns: bool = True
    holds: int = 0  # resume is refused this often
    held: str = ""
    begun: list[Any] = field(default_factory=list)
    discarded: list[str] = field(default_factory=list)
    kept: int = 0
    polls: int = 0
    task: str = "pick_red_block"
    awaiting: str = ""
    looks: int = 0  # at the hold
    released_after: int = -1  # looks, by a person

    def begin(self, plan: Any) -> str:
        if self.held:
            raise WrongStateError(f"start while the arm is held ({self.held})")
        self.begun.append(plan)
        return f"episode{len(self.begun) - 1}"

    def wait_end(self, episode_id: str, timeout_s: float) -> EpisodeEnd | None:
        if self.discarded:
            return EpisodeEnd(episode_id, "discard", self.discarded[-1])
        label = self.labels[len(self.begun) - 1]
        if label == "never":
            return None
        self.kept += label in ("success", "failure")
        return EpisodeEnd(episode_id, label, "because")

    def discard(self, reason: str) -> None:
        self.discarded.append(reason)

    def unlabelled(self) -> str:
        return self.awaiting

    def hold_reason(self) -> str:
        self.looks += 1
        if self.looks == self.released_after:
            self.held = ""
        return self.held

    def resume(self) -> str:
        self.holds -= 1
        if self.holds >= 0:
            return "camera front is silent"
        self.held = ""
        return ""

    def learner(self) -> LearnerProgress | None:
        self.polls += 1
        if not self.learns:
            return LearnerProgress(self.task, 7, 4, 100)
        trained = min(self.kept, (self.polls // 3))
        return LearnerProgress(self.task, 7 + trained, 4 + trained, 100 + self.polls)


@pytest.fixture
def run(graph: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Callable[..., RowResult]:
    monkeypatch.setattr(row_module, "RESUME_EVERY_S", 0.001)
    monkeypatch.setattr(row_module, "POLL_S", 0.001)

    def run_row(fake: FakeGraph, cancelled: Callable[[], bool] = lambda: False, **changes: Any) -> RowResult:
        spec = RowSpec(graph.plan(seed=100), **{"episodes": 3, **changes})
        return Row(spec, fake, is_cancelled=cancelled, on_progress=lambda *_: None).run()

    return run_row


def test_every_seed_gets_one_episode(run: Callable[..., RowResult]) -> None:
    fake = FakeGraph(["success", "failure", "success"])
    result = run(fake, seed_stride=2)
    assert [plan.seed for plan in fake.begun] == [100, 102, 104]
    assert (result.episode_ids, result.labels) == (["episode0", "episode1", "episode2"], [True, False, True])
    assert (result.successes, result.message) == (2, "")
    assert [plan.pinned_version for plan in fake.begun] == [None] * 3


def test_a_discarded_episode_is_left_out_and_the_next_follows(run: Callable[..., RowResult]) -> None:
    result = run(FakeGraph(["success", "discard", "failure"]))
    assert (result.episode_ids, result.labels, result.message) == (["episode0", "episode2"], [True, False], "")


def test_enough_successes_end_the_row(run: Callable[..., RowResult]) -> None:
    result = run(FakeGraph(["failure", "success", "success"]), stop_after_successes=1)
    assert result.labels == [False, True]


def test_many_discarded_in_a_row_end_it_and_say_why(run: Callable[..., RowResult]) -> None:
    result = run(FakeGraph(["discard"] * 9), episodes=9)
    assert result.message == "5 episodes in a row came to nothing; the last: because"


def test_a_held_arm_is_resumed_when_it_is_allowed(run: Callable[..., RowResult]) -> None:
    fake = FakeGraph(["success"] * 3, holds=2, held="silence")
    assert run(fake).successes == 3
    assert fake.holds == -1


def test_an_arm_that_stays_held_ends_the_row(run: Callable[..., RowResult], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_module, "RESUME_TIMEOUT_S", 0.05)
    result = run(FakeGraph(["success"] * 3, holds=10**6, held="silence"))
    assert "the arm stayed held" in result.message
    assert "camera front is silent" in result.message


def test_an_rl_row_acts_with_the_head_of_two_episodes_ago(run: Callable[..., RowResult]) -> None:
    fake = FakeGraph(["failure", "discard", "success", "failure", "failure"])
    result = run(fake, episodes=5, wait_for_learner=True)
    assert len(result.labels) == 4
    # Episodes kept before: 0 1 1 2 3; version 4 is the head the row began with.
    assert [plan.pinned_version for plan in fake.begun] == [4, 4, 4, 5, 6]


def test_a_learner_that_stands_still_ends_the_row(run: Callable[..., RowResult]) -> None:
    result = run(FakeGraph(["success"] * 3, learns=False), wait_for_learner=True, learner_timeout_s=0.05)
    assert "the learner made no progress" in result.message
    assert "0 of 1 episodes" in result.message


def test_a_learner_without_the_task_is_named(run: Callable[..., RowResult], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_module, "LEARNER_START_TIMEOUT_S", 0.02)
    result = run(FakeGraph(["success"], task="open_drawer"), wait_for_learner=True)
    assert "which learns open_drawer: call learner/start_task for pick_red_block first" in result.message


def test_a_row_that_kept_nothing_says_why(run: Callable[..., RowResult]) -> None:
    assert run(FakeGraph(["discard"] * 3)).message == "3 episodes in a row came to nothing; the last: because"


def test_a_cancelled_row_discards_the_running_episode(run: Callable[..., RowResult]) -> None:
    polls = iter([False] * 4 + [True] * 99)
    fake = FakeGraph(["never"] * 3)
    result = run(fake, cancelled=lambda: next(polls))
    assert (result.message, result.episode_ids) == ("cancelled", [])
    assert fake.discarded == ["the row was cancelled"]


def test_a_person_may_take_any_time_to_label(run: Callable[..., RowResult]) -> None:
    fake = SlowPerson(["success"] * 3)
    assert run(fake, resumes_arm=False).labels == [True, True, True]
    assert fake.waits == 300


@dataclass
class SlowPerson(FakeGraph):
    """Labels each episode after a hundred looks."""

    waits: int = 0

    def wait_end(self, episode_id: str, timeout_s: float) -> EpisodeEnd | None:
        self.waits += 1
        self.awaiting = "" if self.waits % 100 == 0 else episode_id
        return None if self.awaiting else super().wait_end(episode_id, timeout_s)


def test_a_row_that_is_cancelled_leaves_the_label_to_the_person(run: Callable[..., RowResult]) -> None:
    polls = iter([False] * 4 + [True] * 99)
    fake = FakeGraph(["never"], awaiting="episode0")
    fake.discard = lambda reason: None  # type: ignore[method-assign]  # as the session does: nothing runs any more
    result = run(fake, cancelled=lambda: next(polls))
    assert (result.message, result.episode_ids, len(fake.begun)) == ("cancelled", [], 1)


def test_a_label_that_is_taken_back_is_waited_for_before_the_row_goes_on(run: Callable[..., RowResult]) -> None:
    class SecondThoughts(FakeGraph):
        def wait_end(self, episode_id: str, timeout_s: float) -> EpisodeEnd | None:
            if self.awaiting:  # asked again: the person thought better of it
                self.awaiting = ""
                return EpisodeEnd(episode_id, "failure", "because")
            end = super().wait_end(episode_id, timeout_s)
            self.awaiting = episode_id if episode_id == "episode0" else ""
            return end

    result = run(SecondThoughts(["success", "success"]), episodes=2)
    assert (result.episode_ids, result.labels) == (["episode0", "episode1"], [False, True])


def test_a_label_that_is_taken_back_just_before_the_next_episode_costs_none(run: Callable[..., RowResult]) -> None:
    class Hasty(FakeGraph):
        def begin(self, plan: Any) -> str:
            if len(self.begun) == 1 and not self.polls:
                self.polls, self.awaiting = 1, "episode0"
                raise WrongStateError("start while awaiting label")
            return super().begin(plan)

        def wait_end(self, episode_id: str, timeout_s: float) -> EpisodeEnd | None:
            if self.awaiting:
                self.awaiting = ""
                return EpisodeEnd(episode_id, "failure", "because")
            return super().wait_end(episode_id, timeout_s)

    result = run(Hasty(["success", "success"]), episodes=2)
    assert (result.episode_ids, result.labels) == (["episode0", "episode1"], [False, True])


def test_a_foreign_episode_that_awaits_its_label_is_not_the_rows(run: Callable[..., RowResult]) -> None:
    assert run(FakeGraph(["success"] * 3, awaiting="older")).episode_ids == ["episode0", "episode1", "episode2"]


def test_a_person_resumes_the_arm_that_they_held(run: Callable[..., RowResult]) -> None:
    fake = FakeGraph(["success"] * 3, holds=5, held="a hand is in the way", released_after=4)
    assert run(fake, resumes_arm=False).successes == 3
    assert fake.holds == 5, "the row never asked the arbiter to go on"
