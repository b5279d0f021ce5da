"""Frames of a supervised round: gathered, mixed by half, shifted, and the same again for the same number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from irevla.config.errors import TrainingError, UserError
from irevla.config.rounds import RoundSettings
from irevla.policies.base import Floats, Image
from irevla.policies.preprocessing import Preprocessing
from irevla.training.frame_batches import FrameBatches, shift
from irevla.training.frames import FrameSet, gather_frames


@dataclass
class FakeEpisode:
    images: dict[str, Image]
    states: Floats
    actions: Floats


def episode(length: int, value: int, views: tuple[str, ...] = ("front", "wrist")) -> FakeEpisode:
    return FakeEpisode(
        images={view: np.full((length, 12, 12, 3), value, dtype=np.uint8) for view in views},
        states=np.full((length, 7), value, dtype=np.float32),
        actions=np.zeros((length, 7), dtype=np.float32),
    )


def batches_of(
    expert: FrameSet, online: FrameSet | None = None, *, size: int, share: float, seed: int = 0
) -> FrameBatches:
    return FrameBatches(expert, online, RoundSettings(batch_size=size, online_fraction=share), seed)


HALVE = Preprocessing(("front", "wrist"), 6)


def frames(count: int, value: int) -> FrameSet:
    return gather_frames([(f"task {value}", episode(count, value))], HALVE)


def test_episodes_become_flat_arrays_at_the_models_size() -> None:
    got = gather_frames([("pick", episode(3, 1)), ("open", episode(2, 2)), ("pick", episode(1, 3))], HALVE)
    assert got.pictures.shape == (6, 2, 6, 6, 3)
    assert got.states[:, 0].tolist() == [1, 1, 1, 2, 2, 3]
    assert got.instructions == ("pick", "open")
    assert got.instruction_ids.tolist() == [0, 0, 0, 1, 1, 0]


def test_no_episode_a_missing_camera_or_nan_are_refused() -> None:
    with pytest.raises(UserError, match="got none"):
        gather_frames([], HALVE)
    with pytest.raises(UserError, match="missing"):
        gather_frames([("a", episode(2, 1)), ("a", episode(2, 1, views=("front",)))], HALVE)
    bad = episode(2, 1)
    bad.actions[1, 3] = np.nan
    with pytest.raises(UserError, match="NaN"):
        gather_frames([("a", bad)], HALVE)


def test_the_data_hash_sees_every_array() -> None:
    base = frames(4, 1).hash()
    assert frames(4, 1).hash() == base
    assert frames(4, 2).hash() != base
    moved = episode(4, 1)
    moved.actions[2, 0] = 1e-3
    assert gather_frames([("task 1", moved)], HALVE).hash() != base
    assert gather_frames([("task 9", episode(4, 1))], HALVE).hash() != base


def test_an_epoch_sees_every_step_once() -> None:
    expert = gather_frames([(str(n), episode(1, n)) for n in range(12)], HALVE)
    batches = batches_of(expert, size=5, share=0.5, seed=0)
    seen = np.concatenate([batches[k].states[:, 0] for k in range(12)])  # 60 = 5 epochs of 12
    for epoch in seen.reshape(5, 12):
        assert sorted(epoch) == list(range(12))
    assert not np.array_equal(seen[:12], seen[12:24])


def test_a_stage_two_batch_holds_both_kinds_in_the_given_share() -> None:
    batches = batches_of(frames(40, 1), frames(10, 2), size=16, share=0.25, seed=0)
    for number in range(20):
        assert (batches[number].states[:, 0] == 2).sum() == 4
        assert batches[number].instructions.count("task 1") == 12


@pytest.mark.parametrize(("size", "share"), [(2, 0.9), (1, 0.5), (64, 0.999)])
def test_a_stage_two_batch_without_expert_steps_is_refused(size: int, share: float) -> None:
    with pytest.raises(TrainingError, match="forgotten"):
        batches_of(frames(40, 1), frames(10, 2), size=size, share=share, seed=0)


def test_a_batch_depends_on_its_number_and_the_seed_only() -> None:
    expert = gather_frames([(str(n), episode(3, n)) for n in range(9)], HALVE)

    def batches(seed: int) -> FrameBatches:
        return batches_of(expert, frames(7, 99), size=8, share=0.5, seed=seed)

    walked = batches(1)
    for number in range(10):
        walked[number]
    late, straight = batches(1)[10], walked[10]
    assert np.array_equal(late.states, straight.states)
    assert np.array_equal(late.pictures, straight.pictures)
    assert not np.array_equal(batches(2)[10].states, straight.states)


@given(st.integers(1, 5), st.integers(5, 20), st.integers(0, 4), st.integers(0, 99))
def test_a_shift_moves_each_picture_as_a_whole_and_repeats_edges(count: int, side: int, pad: int, seed: int) -> None:
    pictures = np.random.default_rng(seed).integers(0, 256, (count, side, side, 3), dtype=np.uint8)
    moved = shift(pictures, np.random.default_rng(seed), pad)
    axis = np.arange(side)
    for before, after in zip(pictures, moved, strict=True):
        candidates = [
            before[np.clip(axis + dy, 0, side - 1)][:, np.clip(axis + dx, 0, side - 1)]
            for dy in range(-pad, pad + 1)
            for dx in range(-pad, pad + 1)
        ]
        assert any(np.array_equal(after, candidate) for candidate in candidates)


def test_shifts_differ_between_pictures_and_reach_both_ends() -> None:
    ramp = np.broadcast_to(np.arange(20, dtype=np.uint8)[:, None, None], (400, 20, 20, 3))
    centre = shift(np.ascontiguousarray(ramp), np.random.default_rng(0), 4)[:, 10, 10, 0]
    assert set(centre.tolist()) == set(range(6, 15))
