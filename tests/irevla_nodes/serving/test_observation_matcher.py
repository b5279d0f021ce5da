"""A state and its pictures meet by stamp, once, in whatever order they come."""

from __future__ import annotations

from itertools import permutations

import numpy as np

from irevla_nodes.serving.observation_matcher import ObservationMatcher, SeenState, Sight


def state(step: int, episode_id: str = "a", stamp_ns: int | None = None) -> SeenState:
    return SeenState(episode_id, step, 100 * step if stamp_ns is None else stamp_ns, np.full(7, step, np.float32))


def picture(value: int) -> np.ndarray:
    return np.full((2, 2, 3), value, np.uint8)


def test_any_order_gives_one_observation() -> None:
    arrivals = [("state", 1), ("front", 1), ("wrist", 1)]
    for order in permutations(arrivals):
        matcher = ObservationMatcher(("front", "wrist"))
        seen: list[Sight] = []
        for what, step in order:
            found = (
                matcher.add_state(state(step))
                if what == "state"
                else matcher.add_image(what, 100 * step, picture(len(what)))
            )
            seen += [found] if found is not None else []
        assert len(seen) == 1
        assert (seen[0].state.step, list(seen[0].images)) == (1, ["front", "wrist"])


def test_pictures_of_another_step_do_not_count() -> None:
    matcher = ObservationMatcher(("front",))
    assert matcher.add_image("front", 100, picture(1)) is None
    assert matcher.add_state(state(2)) is None
    assert matcher.add_image("front", 100, picture(1)) is None
    assert matcher.add_image("front", 200, picture(2)) is not None


def test_a_late_state_of_an_older_step_is_dropped() -> None:
    matcher = ObservationMatcher(("front",))
    matcher.add_state(state(3))
    assert matcher.add_state(state(2)) is None
    assert matcher.add_image("front", 200, picture(2)) is None
    assert matcher.add_image("front", 300, picture(3)) is not None


def test_in_lockstep_an_overtaken_step_is_still_seen() -> None:
    for every, is_seen in ((True, True), (False, False)):
        matcher = ObservationMatcher(("front", "wrist"), every=every)
        matcher.add_state(state(2))
        matcher.add_image("front", 200, picture(2))
        matcher.add_state(state(3))  # a person has answered step 2 meanwhile
        found = matcher.add_image("wrist", 200, picture(2))
        assert (found is not None and found.state.step == 2) is is_seen
        matcher.add_image("front", 300, picture(3))
        assert matcher.add_image("wrist", 300, picture(3)) is not None


def test_in_lockstep_a_step_of_an_older_episode_is_not_seen() -> None:
    matcher = ObservationMatcher(("front",), every=True)
    matcher.add_state(state(2))
    matcher.add_state(state(0, "b", stamp_ns=1000))
    assert matcher.add_image("front", 200, picture(2)) is None


def test_a_new_episode_begins_at_step_zero() -> None:
    matcher = ObservationMatcher(("front",))
    matcher.add_state(state(9))
    matcher.add_image("front", 1000, picture(0))
    found = matcher.add_state(state(0, "b", stamp_ns=1000))
    assert found is not None and found.state.episode_id == "b"


def test_a_repeated_state_brings_the_observation_again_and_a_repeated_picture_does_not() -> None:
    matcher = ObservationMatcher(("front",))
    matcher.add_state(state(1))
    assert matcher.add_image("front", 100, picture(1)) is not None
    assert matcher.add_image("front", 100, picture(1)) is None
    assert matcher.add_state(state(1)) is not None


def test_pictures_of_cameras_that_the_model_does_not_see_are_ignored() -> None:
    matcher = ObservationMatcher(("front",))
    matcher.add_state(state(1))
    assert matcher.add_image("side", 100, picture(1)) is None


def test_old_stamps_are_forgotten() -> None:
    matcher = ObservationMatcher(("front",))
    for step in range(50):
        matcher.add_image("front", 100 * step, picture(1))
    assert matcher.add_state(state(10)) is None
    assert matcher.add_state(state(49)) is not None
