"""The replay: half and half, never across an episode's end, terminated is not truncated, a relabel arrives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irevla.config.errors import StaleLatentError, UserError
from irevla.training.replay import LatentBuffer, LatentEpisode, Replay

KEY = "backbone-a"


def episode(
    name: str, length: int, *, success: bool, final: bool = True, mark: float = 0.0, key: str = KEY
) -> LatentEpisode:
    """An episode whose latents and states say which step they are: mark + step."""
    stamps = mark + np.arange(length + 1, dtype=np.float32)
    latents = np.broadcast_to(stamps[:, None, None], (length + 1, 2, 3)).astype(np.float16)
    states = np.repeat(stamps[:, None], 7, axis=1)
    return LatentEpisode(
        episode_id=name,
        latents=latents[:-1],
        states=states[:-1],
        actions=np.zeros((length, 7), dtype=np.float32),
        latent_key=key,
        success=success,
        final_latent=latents[-1] if final else None,
        final_state=states[-1] if final else None,
    )


def buffer(capacity: int = 64) -> LatentBuffer:
    return LatentBuffer(capacity, tokens=2, width=3, latent_key=KEY)


def test_a_success_ends_terminated_with_reward_one_and_a_time_out_does_not() -> None:
    rng = np.random.default_rng(0)
    held = buffer()
    held.add(episode("won", 3, success=True))
    batch = held.sample(200, rng)
    last = batch.states[:, 0] == 2
    assert np.array_equal(batch.rewards, last.astype(np.float32))
    assert np.array_equal(batch.terminated, last)
    assert batch.successful.all()

    timed_out = buffer()
    timed_out.add(episode("lost", 3, success=False))
    batch = timed_out.sample(200, rng)
    assert not batch.terminated.any() and not batch.rewards.any() and not batch.successful.any()
    assert set(batch.next_states[batch.states[:, 0] == 2, 0]) == {
        3.0
    }  # the time-out bootstraps from the final observation


def test_a_time_out_without_a_final_observation_loses_only_its_last_transition() -> None:
    held = buffer()
    held.add(episode("lost", 4, success=False, final=False))
    assert len(held) == 3
    held.add(episode("won", 4, success=True, final=False))
    assert len(held) == 7


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 9), st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=20),
    st.integers(10, 40),
)
def test_no_transition_crosses_an_episode_boundary(plan: list[tuple[int, bool, bool, bool]], capacity: int) -> None:
    held = buffer(capacity)
    for number, (length, success, final, discard) in enumerate(plan):
        held.add(episode(str(number), length, success=success, final=final, mark=100.0 * number))
        if discard:
            held.discard(str(number // 2))
    if len(held) == 0:
        return
    batch = held.sample(256, np.random.default_rng(1))
    gone = [name for name in map(str, range(len(plan))) if name not in held]
    assert not {str(int(mark // 100)) for mark in batch.states[:, 0]} & set(gone)
    bootstrapped = ~batch.terminated
    assert np.array_equal(batch.next_states[bootstrapped, 0], batch.states[bootstrapped, 0] + 1)
    assert np.array_equal(batch.next_latents[:, 0, 0], batch.next_states[:, 0].astype(np.float16))
    assert np.array_equal(batch.latents[:, 1, 2], batch.states[:, 0].astype(np.float16))


def test_the_oldest_episodes_give_way_and_the_newest_stay_whole() -> None:
    held = buffer(capacity=12)
    for number in range(5):
        held.add(episode(str(number), 3, success=True, final=False))
    assert held.episode_ids == ("1", "2", "3", "4")
    assert len(held) == 12


def test_a_batch_is_half_demonstrations_half_online() -> None:
    demo, online = buffer(), buffer()
    demo.add(episode("demo", 5, success=True))
    replay = Replay(demo, online)
    rng = np.random.default_rng(0)
    assert len(replay.sample(8, rng).rewards) == 8  # nothing online yet: demonstrations alone
    for number in range(6):
        online.add(episode(f"online{number}", 5, success=False, mark=1000.0))
    batch = replay.sample(256, rng)
    assert int((batch.states[:, 0] >= 1000).sum()) == 128
    assert int((batch.states[:, 0] < 1000).sum()) == 128


def test_a_relabel_reaches_the_live_replay() -> None:
    held = buffer()
    held.add(episode("a", 4, success=True))
    held.add(episode("b", 4, success=True, mark=100.0))
    held.add(episode("a", 4, success=False))
    batch = held.sample(400, np.random.default_rng(0))
    assert not batch.rewards[batch.states[:, 0] < 100].any()
    assert batch.rewards[batch.states[:, 0] == 103].all()
    assert held.successes == 1
    held.discard("b")
    assert held.successes == 0 and len(held) == 4 and "b" not in held
    held.add(episode("b", 4, success=True, mark=100.0))  # and back again
    assert held.successes == 1


def test_sampling_depends_on_the_order_of_episodes_not_on_where_they_lie() -> None:
    aged, fresh = buffer(capacity=16), buffer(capacity=16)
    for number in range(9):
        aged.add(episode(str(number), 3, success=True, mark=10.0 * number))
    for name in aged.episode_ids:
        fresh.add(episode(name, 3, success=True, mark=10.0 * int(name)))
    one, other = aged.sample(64, np.random.default_rng(3)), fresh.sample(64, np.random.default_rng(3))
    assert np.array_equal(one.states, other.states)
    assert np.array_equal(one.next_states, other.next_states)


def test_latents_of_another_backbone_are_refused() -> None:
    with pytest.raises(StaleLatentError, match="encode the episode again"):
        buffer().add(episode("old", 3, success=True, key="backbone-b"))


@pytest.mark.parametrize("field", ["latents", "states", "actions"])
def test_nan_and_wrong_shapes_are_refused(field: str) -> None:
    good = episode("x", 3, success=True)
    bad = np.array(getattr(good, field))
    bad.flat[0] = np.nan
    with pytest.raises(UserError, match="NaN"):
        buffer().add(LatentEpisode(**{**vars(good), field: bad}))
    with pytest.raises(UserError, match="shape"):
        buffer().add(LatentEpisode(**{**vars(good), field: bad[:2]}))


def test_an_empty_replay_says_so_and_a_too_long_episode_too() -> None:
    with pytest.raises(UserError, match="empty"):
        buffer().sample(4, np.random.default_rng(0))
    with pytest.raises(UserError, match="capacity_steps"):
        buffer(capacity=4).add(episode("long", 9, success=True))


def test_a_hundred_thousand_steps_of_compact_latents_fit_in_a_gigabyte() -> None:
    """m = 16 tokens of width 128: an upper bound of `compact`."""
    held = LatentBuffer(102_000, tokens=16, width=128, latent_key=KEY)
    assert held.nbytes < 1e9
