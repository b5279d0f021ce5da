"""Waves of whole episodes: lanes end at their own times, sleep, and bring home what the actor kept."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from gymnasium.vector import SyncVectorEnv

from irevla.config.errors import UserError
from irevla.policies.base import ACTION_DIM, Floats, Image
from irevla.training.rollout.episode import Decision, Episode
from irevla.training.rollout.lanes import Lanes, make_lanes
from irevla.training.rollout.wave import play, play_all
from point_env import MAX_STEPS, PX, PointEnv


@pytest.fixture
def lanes() -> Iterator[Lanes]:
    """Four lanes whose mark is always in the middle, which the pictures need not be read for."""
    made = make_lanes(lambda: PointEnv(mark=(0.0, 0.0)), 4)
    yield made
    made.close()


class ToTheMiddle:
    """Solves the task; keeps how many lanes were awake and a number a row."""

    def __init__(self) -> None:
        self.awake: list[int] = []

    def __call__(self, pictures: Image, states: Floats) -> Decision:
        assert pictures.shape == (len(states), 2, PX, PX, 3)
        self.awake.append(len(states))
        actions = np.zeros((len(states), ACTION_DIM), np.float32)
        actions[:, :2] = np.clip(-4.0 * states[:, :2], -0.5, 0.5)
        return Decision(actions, {"sums": states.sum(1)})


def still(pictures: Image, states: Floats) -> Decision:
    return Decision(np.zeros((len(states), ACTION_DIM), np.float32))


def same(one: Episode, other: Episode) -> bool:
    return (
        one.seed == other.seed
        and one.success == other.success
        and all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("pictures", "states", "actions"))
    )


def test_only_awake_lanes_are_asked_and_the_wave_ends_with_the_last(lanes: Lanes) -> None:
    act = ToTheMiddle()
    episodes = play(lanes, [3, 1, 4, 15], act)
    lengths = [len(episode) for episode in episodes]
    assert len(set(lengths)) > 1, "the seeds were meant to give episodes of different lengths"
    assert act.awake == [sum(length > step for length in lengths) for step in range(max(lengths))]


def test_an_episode_holds_what_was_seen_done_and_kept(lanes: Lanes) -> None:
    for episode in play(lanes, [3, 1, 4, 15], ToTheMiddle()):
        assert episode.success
        assert np.array_equal(episode.extras["sums"], episode.states.sum(1))
        positions = np.vstack([episode.states, episode.final_state])[:, :2]
        assert np.allclose(np.diff(positions, axis=0), 0.25 * episode.actions[:, :2], atol=1e-6)
        assert np.abs(episode.final_state[:2]).max() < 0.2 <= np.abs(episode.states[-1, :2]).max()


def test_a_seed_gives_the_same_episode_in_any_lane(lanes: Lanes) -> None:
    first = play(lanes, [3, 1, 4, 15], ToTheMiddle())
    again = play(lanes, [15, 4, 1, 3], ToTheMiddle())
    assert all(same(one, other) for one, other in zip(first, reversed(again), strict=True))


def test_a_time_out_is_no_success_and_has_a_final_observation(lanes: Lanes) -> None:
    # Seeds that do not begin at the mark.
    for episode in play(lanes, [3, 1], still):
        assert (episode.success, len(episode)) == (False, MAX_STEPS)
        assert np.array_equal(episode.final_state, episode.states[-1])


def test_lanes_without_a_seed_sleep_through_the_wave(lanes: Lanes) -> None:
    assert isinstance(lanes, SyncVectorEnv)
    play(lanes, [3, 1, 4, 15], ToTheMiddle())
    act = ToTheMiddle()
    episodes = play(lanes, [3], act)
    assert len(episodes) == 1 and set(act.awake) == {1}
    points = [lane.unwrapped for lane in lanes.envs]
    assert [point.resets for point in points if isinstance(point, PointEnv)] == [2, 1, 1, 1]


def test_more_seeds_than_lanes_are_an_error_for_one_wave_and_several_waves_for_play_all(lanes: Lanes) -> None:
    with pytest.raises(UserError, match="expected 1 to 4 seeds, got 5"):
        play(lanes, range(5), still)
    with pytest.raises(UserError, match="got 0"):
        play(lanes, [], still)
    assert [episode.seed for episode in play_all(lanes, range(10), ToTheMiddle())] == list(range(10))
