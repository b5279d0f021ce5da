"""Demonstrations: clean targets beside noisy deeds, successes only, counted failures, files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from irevla.config.errors import StoreError, UserError, WorldError
from irevla.training.rollout.demonstrations import demonstrate, demonstrate_once
from irevla.training.rollout.episode_file import load_episodes, save_episodes
from irevla.training.rollout.episode_frames import episode_frames
from point_env import STRIDE, PointEnv


def test_demonstrations_are_successes_and_repeat() -> None:
    one = demonstrate(PointEnv(), "reach", seed=0, count=5, noise=0.3)
    other = demonstrate(PointEnv(), "reach", seed=0, count=5, noise=0.3)
    assert len(one.episodes) == 5 and all(episode.success for episode in one.episodes)
    assert one.failures == other.failures
    for first, second in zip(one.episodes, other.episodes, strict=True):
        assert np.array_equal(first.states, second.states) and np.array_equal(first.actions, second.actions)


def test_the_target_is_what_the_expert_meant_and_not_the_noise() -> None:
    env = PointEnv(mark=(0.5, -0.5))
    episode = demonstrate_once(env, 3, noise=0.4)
    meant = np.clip((np.array([0.5, -0.5]) - episode.states[:, :2]) / STRIDE, -1.0, 1.0)
    assert np.allclose(episode.actions[:, :2], meant, atol=1e-6)
    positions = np.vstack([episode.states, episode.final_state])[:, :2]
    assert not np.allclose(np.diff(positions, axis=0), STRIDE * meant, atol=1e-3), "nothing was noisy"


def test_failures_are_counted_and_a_hopeless_expert_is_named() -> None:
    hurried = demonstrate(PointEnv(max_steps=3), "reach", seed=0, count=4, noise=0.0)
    assert hurried.failures > 0
    with pytest.raises(WorldError, match="reach: the expert succeeded in 0 of 20 tries"):
        demonstrate(PointEnv(mark=(5.0, 5.0), max_steps=1), "reach", seed=0, count=1, noise=0.0)


def test_episodes_survive_the_file(tmp_path: Path) -> None:
    made = demonstrate(PointEnv(), "reach", seed=0, count=3, noise=0.1).episodes
    save_episodes(tmp_path / "a" / "demos.npz", made)
    for one, other in zip(made, load_episodes(tmp_path / "a" / "demos.npz"), strict=True):
        assert (one.seed, one.success) == (other.seed, other.success)
        for name in ("pictures", "states", "actions", "final_pictures", "final_state"):
            assert np.array_equal(getattr(one, name), getattr(other, name))
            assert getattr(one, name).dtype == getattr(other, name).dtype
    save_episodes(tmp_path / "none.npz", [])
    assert load_episodes(tmp_path / "none.npz") == []


def test_a_torn_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "demos.npz"
    save_episodes(path, demonstrate(PointEnv(), "reach", seed=0, count=1, noise=0.1).episodes)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(StoreError, match=r"demos\.npz: expected episodes"):
        load_episodes(path)
    with pytest.raises(StoreError, match=r"missing\.npz"):
        load_episodes(tmp_path / "missing.npz")


def test_frames_are_the_steps_with_their_instructions() -> None:
    env = PointEnv()
    near, far = (demonstrate(env, name, seed=0, count=2, noise=0.1).episodes for name in ("near", "far"))
    frames = episode_frames([("go near", near), ("go far", far)])
    counts = [sum(map(len, group)) for group in (near, far)]
    assert frames.instructions == ("go near", "go far")
    assert frames.instruction_ids.tolist() == [0] * counts[0] + [1] * counts[1]
    assert np.array_equal(frames.states[: len(near[0])], near[0].states)
    failed = demonstrate_once(PointEnv(mark=(5.0, 5.0)), 1, 0.0)
    with pytest.raises(UserError, match="successes only"):
        episode_frames([("go", [failed])])
    with pytest.raises(UserError, match="got none"):
        episode_frames([("go", [])])
