"""Real cameras: never a picture newer than the state or too old; policy and session see the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from irevla_nodes.cameras.picture_history import KEPT, PictureHistory
from irevla_nodes.serving.newest_pictures_matcher import NewestPicturesMatcher
from irevla_nodes.serving.observation_matcher import SeenState, Sight
from irevla_nodes.session.parts import CommandPart, ImagePart, LatentPart, Part, ProposalPart, SightPart, StatePart
from irevla_nodes.session.step_assembly import StepAssembly, StepNeeds

CAMERAS = ("front", "wrist")
AGE = 150  # a millisecond for a nanosecond reads more easily
PERIOD = 100


def picture(number: int) -> np.ndarray:
    return np.full((1, 1, 3), number % 251, np.uint8)


def state(step: int, stamp_ns: int | None = None, episode_id: str = "a") -> SeenState:
    return SeenState(episode_id, step, PERIOD * step if stamp_ns is None else stamp_ns, np.zeros(7, np.float32))


def history(*stamps_ns: int) -> PictureHistory:
    kept = PictureHistory(("front",), AGE)
    for stamp_ns in stamps_ns:
        kept.add("front", stamp_ns, picture(stamp_ns))
    return kept


@pytest.mark.parametrize(
    ("stamps_ns", "chosen"),
    [
        ((), None),
        ((1000,), 1000),
        ((1001,), None),
        ((967, 1000, 1033), 1000),
        ((934, 967, 1033), 967),
        ((850,), 850),
        ((849,), None),
        ((849, 1033), None),
    ],
)
def test_the_newest_picture_that_is_not_newer_than_the_state(stamps_ns: tuple[int, ...], chosen: int | None) -> None:
    assert history(*stamps_ns).choose(1000).get("front") == chosen


@given(stamps_ns=st.lists(st.integers(0, 2000), max_size=80), state_ns=st.integers(0, 2000))
def test_never_newer_never_staler_and_nothing_better_was_there(stamps_ns: list[int], state_ns: int) -> None:
    kept = history(*sorted(set(stamps_ns)))
    chosen = kept.choose(state_ns).get("front")
    allowed = [stamp_ns for stamp_ns in sorted(set(stamps_ns))[-KEPT:] if state_ns - AGE <= stamp_ns <= state_ns]
    assert chosen == (max(allowed) if allowed else None)
    if chosen is not None:
        assert kept.at({"front": chosen})["front"][0, 0, 0] == chosen % 251


def test_a_choice_is_final_once_a_picture_of_that_time_or_later_came() -> None:
    kept = history(967)
    assert kept.choose_finally(1000) == {}
    kept.add("front", 1033, picture(0))
    assert kept.choose_finally(1000) == {"front": 967}


def test_the_policy_takes_what_is_there_and_the_same_again_when_the_state_comes_again() -> None:
    matcher = NewestPicturesMatcher(CAMERAS, AGE)
    matcher.add_image("front", 990, picture(1))
    assert matcher.add_state(state(10)) is None
    found = matcher.add_image("wrist", 950, picture(2))
    assert found is not None
    assert found.image_stamps_ns == {"front": 990, "wrist": 950}
    assert matcher.add_image("front", 1000, picture(3)) is None, "one observation a state"
    again = matcher.add_state(state(10))
    assert again is found
    assert matcher.add_state(state(9)) is None
    assert matcher.add_state(state(0, 1010, "b")) is not None


def test_pictures_that_are_too_old_or_of_other_cameras_bring_nothing() -> None:
    matcher = NewestPicturesMatcher(("front",), AGE)
    matcher.add_image("side", 1000, picture(1))
    matcher.add_image("front", 849, picture(1))
    assert matcher.add_state(state(10)) is None
    assert matcher.add_image("front", 1001, picture(1)) is None


class Graph:
    """A policy that answers each sight, and a session; each loses pictures of its own and hears in its own order."""

    def __init__(self) -> None:
        needs = StepNeeds(cameras=CAMERAS, first_cameras=CAMERAS, latent=True, proposal=True, sim=False, gaps=True)
        needs = StepNeeds(**{**vars(needs), "picture_age_ns": AGE, "sight": True})
        self.session = StepAssembly("a", needs)
        self.policy = NewestPicturesMatcher(CAMERAS, AGE)
        self.seen: dict[int, Sight] = {}

    def answer(self, sight: Sight | None) -> list[Part]:
        if sight is None:
            return []
        step = sight.state.step
        self.seen[step] = sight
        return [
            SightPart("a", step, sight.image_stamps_ns),
            LatentPart("a", step, "key", np.zeros((1, 1), np.float16)),
            ProposalPart("a", step, np.zeros(7, np.float32), 0.0, 0.0, 0, "model"),
            CommandPart("a", step, np.zeros(7, np.float32), 1, 0),
        ]


@given(data=st.data(), lost=st.sets(st.tuples(st.integers(0, 1), st.sampled_from(CAMERAS), st.integers(0, 40))))
def test_the_session_keeps_exactly_the_pictures_that_the_policy_saw(data: Any, lost: set[tuple[int, str, int]]) -> None:
    graph, parts = Graph(), []
    events: list[tuple[int, str, int]] = [(PERIOD * step, "state", step) for step in range(12)]
    for number in range(40):
        late = data.draw(st.integers(0, 60))
        events += [(33 * number + late, camera, number) for camera in CAMERAS]
    for _, what, number in sorted(events):
        if what == "state":
            parts.append(StatePart("a", number, PERIOD * number, np.zeros(7, np.float32), np.zeros(7)))
            parts += graph.answer(graph.policy.add_state(state(number)))
            continue
        image = np.array([[[number, CAMERAS.index(what), 0]]], np.uint8)
        if (1, what, number) not in lost:
            parts.append(ImagePart(what, 33 * number, image))
        if (0, what, number) not in lost:
            parts += graph.answer(graph.policy.add_image(what, 33 * number, image))
    order = data.draw(st.lists(st.integers(0, 5), min_size=len(parts), max_size=len(parts)))
    closed = []
    for _, part in sorted(enumerate(parts), key=lambda pair: pair[0] + order[pair[0]]):
        graph.session.add(part)
        closed += graph.session.take()
    if not lost:
        assert len(closed) >= 8
    for step in closed:
        sight = graph.seen[step.step]
        for camera in CAMERAS:
            stamp_ns = sight.image_stamps_ns[camera]
            assert 0 <= step.stamp_ns - stamp_ns <= AGE
            np.testing.assert_array_equal(step.images[camera], sight.images[camera])
            assert step.images[camera][0, 0, 0] == stamp_ns // 33


def test_without_the_policy_the_session_takes_the_same_rule_and_waits_until_it_is_final() -> None:
    needs = StepNeeds(cameras=("front",), first_cameras=("front",), sim=False, gaps=True, picture_age_ns=AGE)
    session = StepAssembly("a", needs)
    session.add(ImagePart("front", 50, picture(1)))
    session.add(StatePart("a", 0, 100, np.zeros(7, np.float32), np.zeros(7)))
    session.add(CommandPart("a", 0, np.zeros(7, np.float32), 2, 0))
    assert session.missing_first == ["picture of camera front"]
    session.add(ImagePart("front", 90, picture(2)))
    assert session.take() == []
    session.add(ImagePart("front", 130, picture(3)))
    assert session.missing_first == []
    (step,) = session.take()
    assert step.images["front"][0, 0, 0] == 2


def test_a_single_step_without_a_command_does_not_stop_the_clocked_episode() -> None:
    session = StepAssembly("a", StepNeeds(sim=False, gaps=True))
    for step in range(6):
        session.add(StatePart("a", step, 100 * step, np.zeros(7, np.float32), np.zeros(7)))
        if step not in (0, 2):
            session.add(CommandPart("a", step, np.zeros(7, np.float32), 2, 0))
    assert [step.step for step in session.take()] == [1, 3, 4, 5]
