"""The made-up rig behaves as the real session: it goes on by itself where that does, and refuses what that refuses."""

from dataclasses import fields, replace
from typing import TypeVar

import numpy as np
import pytest

from irevla.app.graph.bridge import Answer
from irevla.app.graph.facts import (
    Arbiter,
    Arm,
    Command,
    EpisodeClosed,
    EpisodeNow,
    Fact,
    Phase,
    Picture,
    PolicyStep,
    Source,
)
from irevla.app.graph.fake.course import make_course
from irevla.app.graph.fake.rig import GUIDE_DETAIL, FakeRig
from irevla.app.graph.records import Made, StartScene
from irevla.app.graph.requests import (
    ConfirmReset,
    GetStartScene,
    Hold,
    LabelEpisode,
    ListModels,
    Request,
    Resume,
    StartEpisode,
    StopEpisode,
)

START = StartEpisode(task="press_button", kind="rl", explore=True, seed=0)
F = TypeVar("F", bound=Fact)


class Watch:
    """A rig, its time, and what it told."""

    def __init__(self, rig: FakeRig) -> None:
        self.rig, self.now_s = rig, 50.0
        self.facts: list[Fact] = []
        self.wait(0.0)

    @property
    def episode(self) -> EpisodeNow:
        return self.last(EpisodeNow)

    def last(self, kind: type[F]) -> F:
        return [fact for fact in self.facts if isinstance(fact, kind)][-1]

    def all(self, kind: type[F]) -> list[F]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    def wait(self, seconds: float) -> None:
        for _ in range(max(1, round(seconds / 0.05))):
            self.now_s += 0.05
            self.facts += self.rig.facts(self.now_s)

    def until(self, phase: Phase) -> None:
        for _ in range(1000):
            if self.episode.phase == phase:
                return
            self.wait(0.05)
        raise AssertionError(f"still {self.episode.phase.name}")

    def ask(self, request: Request) -> Answer:
        answer = self.rig.answer(request, self.now_s)
        assert answer is not None
        self.facts += self.rig.facts(self.now_s)
        return answer


@pytest.fixture(name="watch")
def fixture_watch() -> Watch:
    return Watch(FakeRig(is_self_moving=False, cameras=()))


def test_left_alone_it_stays_idle_and_still_says_so(watch: Watch) -> None:
    watch.wait(5.0)
    assert {fact.phase for fact in watch.all(EpisodeNow)} == {Phase.IDLE}
    assert len(watch.all(Arbiter)) >= 10
    assert watch.episode.episode_id == ""


def test_an_episode_goes_from_start_to_label_and_every_step_is_told_once(watch: Watch) -> None:
    answer = watch.ask(START)
    assert answer.result == Made("demo-0001")
    watch.until(Phase.AWAITING_LABEL)
    phases = list(dict.fromkeys(fact.phase for fact in watch.all(EpisodeNow)))
    assert phases == [Phase.IDLE, Phase.RESETTING, Phase.READY, Phase.RUNNING, Phase.AWAITING_LABEL]
    steps = make_course("press_button", 0, 60).steps
    assert [fact.step for fact in watch.all(PolicyStep)] == list(range(steps))
    assert [fact.step for fact in watch.all(Command)] == list(range(steps))
    assert watch.episode.step == steps
    assert watch.ask(LabelEpisode(label="success", who="kim")).success
    assert watch.episode.phase == Phase.SAVED
    closed = watch.last(EpisodeClosed)
    assert (closed.label, closed.steps, closed.terminated, closed.relabel) == ("success", steps, True, False)


def test_the_instruction_is_the_operators_or_the_tasks(watch: Watch) -> None:
    watch.ask(START)
    assert watch.episode.instruction == "press the button"
    watch.ask(StopEpisode())
    watch.ask(replace(START, instruction="push it"))
    assert watch.episode.instruction == "push it"


@pytest.mark.parametrize(
    ("wish", "available"),
    [(StartEpisode(task="fly"), "press_button"), (StartEpisode(task="press_button", mode="fly"), "teleop")],
)
def test_an_unknown_name_is_refused_with_those_there_are(watch: Watch, wish: StartEpisode, available: str) -> None:
    answer = watch.ask(wish)
    assert not answer.success
    assert "fly" in answer.message
    assert available in answer.message


@pytest.mark.parametrize(
    ("phase", "request_", "words"),
    [
        (Phase.IDLE, StopEpisode(), "stop while idle: not possible; possible now: start"),
        (Phase.IDLE, LabelEpisode(label="success", who="kim"), "label while idle"),
        (Phase.IDLE, ConfirmReset(), "confirm while idle"),
        (Phase.IDLE, LabelEpisode(label="undo", who="kim"), "no label was given"),
        (Phase.RESETTING, START, "start while resetting: not possible; possible now: stop"),
        (Phase.READY, ConfirmReset(), "nothing waits for it"),
        (Phase.RUNNING, START, "start while running"),
        (Phase.RUNNING, LabelEpisode(label="success", who="kim"), "label while running"),
        (Phase.AWAITING_LABEL, StopEpisode(), "stop while awaiting label: not possible; possible now: label"),
        (Phase.AWAITING_LABEL, LabelEpisode(label="good", who="kim"), "good"),
    ],
)
def test_what_cannot_be_now_is_refused_in_plain_words(
    watch: Watch, phase: Phase, request_: Request, words: str
) -> None:
    if phase != Phase.IDLE:
        watch.ask(START)
        watch.until(phase)
    answer = watch.ask(request_)
    assert not answer.success
    assert words in answer.message
    assert watch.episode.phase == phase


def test_a_stop_keeps_the_steps_so_far_and_before_the_first_one_nothing(watch: Watch) -> None:
    watch.ask(START)
    assert watch.ask(StopEpisode()).success
    assert (watch.episode.phase, watch.episode.episode_id) == (Phase.IDLE, "")
    watch.ask(START)
    watch.until(Phase.RUNNING)
    watch.wait(1.0)
    watch.ask(StopEpisode())
    assert watch.episode.phase == Phase.AWAITING_LABEL
    assert 9 <= watch.episode.step <= 11


def test_a_hold_ends_the_episode_and_nothing_starts_until_the_resume(watch: Watch) -> None:
    watch.ask(START)
    watch.until(Phase.RUNNING)
    watch.wait(0.5)
    assert watch.ask(Hold()).success
    arbiter = watch.last(Arbiter)
    assert (arbiter.hold, arbiter.reason, arbiter.source) == (True, "arbiter/hold was called", Source.HOLD)
    assert watch.episode.detail == "the arm was held: arbiter/hold was called"
    watch.ask(LabelEpisode(label="discard", who="kim"))
    assert "while the arm is held" in watch.ask(START).message
    assert watch.ask(Resume()).success
    assert watch.last(Arbiter).hold is False
    assert watch.ask(START).success


def test_a_hold_during_the_reset_keeps_the_episode_from_running(watch: Watch) -> None:
    watch.ask(START)
    watch.ask(Hold())
    watch.wait(10.0)
    assert watch.episode.phase == Phase.READY
    watch.ask(Resume())
    watch.until(Phase.RUNNING)


def test_a_guided_reset_waits_for_the_person_and_then_resets_once_more() -> None:
    watch = Watch(FakeRig(is_self_moving=False, is_guided=True, cameras=()))
    watch.ask(START)
    watch.until(Phase.READY)
    watch.wait(30.0)
    assert (watch.episode.phase, watch.episode.detail) == (Phase.READY, GUIDE_DETAIL)
    assert watch.ask(ConfirmReset()).success
    assert watch.episode.phase == Phase.RESETTING
    watch.until(Phase.RUNNING)


def test_a_label_is_taken_back_and_given_again(watch: Watch) -> None:
    watch.ask(START)
    watch.until(Phase.AWAITING_LABEL)
    watch.ask(LabelEpisode(label="success", who="kim"))
    assert watch.ask(LabelEpisode(label="undo", who="kim")).success
    assert watch.episode.phase == Phase.AWAITING_LABEL
    assert (watch.last(EpisodeClosed).label, watch.last(EpisodeClosed).relabel) == ("", True)
    watch.ask(LabelEpisode(label="failure", who="kim"))
    assert watch.last(EpisodeClosed).label == "failure"


def test_a_relabel_is_told_as_one_and_undone_to_what_it_was(watch: Watch) -> None:
    watch.ask(START)
    watch.until(Phase.AWAITING_LABEL)
    watch.ask(LabelEpisode(label="success", who="kim"))
    watch.ask(LabelEpisode(label="failure", who="kim", episode_id="demo-0001"))
    assert (watch.last(EpisodeClosed).label, watch.last(EpisodeClosed).relabel) == ("failure", True)
    watch.ask(LabelEpisode(label="undo", who="kim"))
    assert watch.last(EpisodeClosed).label == "success"
    assert watch.episode.phase == Phase.SAVED


def test_what_it_does_not_know_is_left_to_others(watch: Watch) -> None:
    assert watch.rig.answer(ListModels(), 0.0) is None
    assert watch.rig.answer(LabelEpisode(label="success", who="kim", episode_id="another"), 0.0) is None
    assert watch.rig.answer(LabelEpisode(label="undo", who="kim", episode_id="another"), 0.0) is None


def test_each_labelled_rl_episode_brings_a_newer_head(watch: Watch) -> None:
    watch.ask(START)
    watch.until(Phase.AWAITING_LABEL)
    before = watch.last(PolicyStep).weights_version
    watch.ask(LabelEpisode(label="success", who="kim"))
    watch.ask(START)
    watch.until(Phase.AWAITING_LABEL)
    assert watch.last(PolicyStep).weights_version == before + 1


def test_in_a_teleop_episode_no_policy_proposes(watch: Watch) -> None:
    watch.ask(replace(START, mode="teleop"))
    watch.until(Phase.AWAITING_LABEL)
    assert watch.all(PolicyStep) == []
    assert {command.source for command in watch.all(Command)} == {Source.TELEOP}


def test_by_itself_it_works_through_the_day() -> None:
    watch = Watch(FakeRig(cameras=()))
    watch.wait(300.0)
    closed = watch.all(EpisodeClosed)
    assert len(closed) >= 12
    assert {fact.task for fact in closed} == {"pick_red_block", "press_button"}
    assert {fact.label for fact in closed} == {"success", "failure"}
    assert {command.source for command in watch.all(Command)} == {Source.POLICY, Source.TELEOP}
    assert any(command.limited for command in watch.all(Command))
    assert all(0.0 <= fact.q_value <= 1.0 for fact in watch.all(PolicyStep))
    assert all(margin > -0.001 for fact in watch.all(Arbiter) for margin in fact.margin_m)
    assert all(0.0 <= fact.gripper_width_m <= 0.08 for fact in watch.all(Arm))


def test_of_a_long_day_only_the_newest_episodes_can_be_labelled_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("irevla.app.graph.fake.rig.KEPT_EPISODES", 3)
    watch = Watch(FakeRig(cameras=()))
    watch.wait(120.0)
    names = [fact.episode_id for fact in watch.all(EpisodeClosed)]
    assert len(names) == len(set(names)) >= 5

    def relabelled(name: str) -> Answer | None:
        return watch.rig.answer(LabelEpisode(label="failure", who="kim", episode_id=name), watch.now_s)

    assert relabelled(names[0]) is None
    assert relabelled(names[-1]) == Answer(True)


def test_by_itself_it_also_confirms_a_guided_reset() -> None:
    watch = Watch(FakeRig(is_guided=True, cameras=()))
    watch.until(Phase.RUNNING)


def test_the_same_seed_and_clock_give_the_same_facts() -> None:
    def told() -> list[object]:
        watch = Watch(FakeRig(seed=3))
        watch.wait(4.0)
        return [
            tuple(value.tobytes() if isinstance(value, np.ndarray) else repr(value) for value in values(fact))
            for fact in watch.facts
        ]

    assert told() == told()


def values(fact: Fact) -> list[object]:
    return [getattr(fact, field.name) for field in fields(fact)]


@pytest.mark.parametrize("camera", ["front", "wrist"])
def test_pictures_show_that_something_moves(camera: str) -> None:
    watch = Watch(FakeRig(is_self_moving=False))
    watch.ask(START)
    watch.until(Phase.RUNNING)
    watch.wait(2.0)
    pictures = [fact for fact in watch.all(Picture) if fact.camera == camera]
    assert pictures[-1].image.shape == (480, 640, 3)
    assert pictures[-1].image.dtype == np.uint8
    assert (pictures[-1].image != pictures[-10].image).any()


def test_a_start_scene_is_a_jpeg_that_depends_on_the_seed(watch: Watch) -> None:
    def scene(seed: int) -> bytes:
        answer = watch.ask(GetStartScene(task="pick_red_block", camera="front", seed=seed))
        assert isinstance(answer.result, StartScene)
        return answer.result.picture

    assert scene(1).startswith(b"\xff\xd8")
    assert scene(1) == scene(1) != scene(2)
