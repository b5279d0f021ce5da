"""Whatever a step or a meta holds comes back bit by bit."""

import math
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from irevla.config.errors import UserError
from irevla.training.store.episode import EpisodeMeta, Step
from irevla.training.store.episode_store import EpisodeStore

MakeMeta = Callable[..., EpisodeMeta]
MakeStep = Callable[..., Step]

floats32 = st.floats(width=32, allow_nan=True)
sevens = arrays.arrays(np.float32, 7, elements=floats32)
pictures = arrays.arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3)))
latents = arrays.arrays(np.float16, st.tuples(st.integers(1, 4), st.integers(1, 5)), elements=st.floats(width=16))
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
versions = st.integers(0, 2**64 - 1)


@st.composite
def steps(draw: st.DrawFn, number: int) -> Step:
    return Step(
        step=number,
        stamp_ns=draw(st.integers(-(2**31) * 10**9, 2**31 * 10**9 - 1)),
        state=draw(sevens),
        action=draw(sevens),
        source=draw(st.integers(0, 255)),
        intervention=draw(st.booleans()),
        limited=draw(st.integers(0, 2**32 - 1)),
        mean=draw(st.none() | sevens),
        log_prob=draw(floats32),
        q_value=draw(floats32),
        weights_version=draw(versions),
        joint_position_rad=draw(arrays.arrays(np.float64, 7, elements=st.floats())),
        qpos=draw(arrays.arrays(np.float64, st.integers(0, 5), elements=st.floats())),
        images=draw(st.dictionaries(st.sampled_from(["front", "wrist", "side_2"]), pictures)),
        latent=draw(st.none() | latents),
        latent_key="f00d",
    )


metas = st.builds(
    EpisodeMeta,
    episode_id=st.just("e0"),
    task=words,
    instruction=words,
    kind=st.sampled_from(["demo", "zero_shot", "rl", "eval"]),
    mode=st.sampled_from(["policy", "teleop", "expert"]),
    seed=versions,
    created_ns=st.integers(0, 2**63 - 1),
    max_steps=st.integers(0, 2**31),
    explore=st.booleans(),
    model_hash=words,
    weights_version=versions,
    images=st.just(True),
)


def assert_same(written: Step, read: Step) -> None:
    plain = "step", "stamp_ns", "source", "intervention", "limited", "weights_version"
    assert [getattr(written, name) for name in plain] == [getattr(read, name) for name in plain]
    for name in ("log_prob", "q_value"):
        np.testing.assert_equal(np.float32(getattr(read, name)), np.float32(getattr(written, name)))
    for name in ("state", "action", "mean", "joint_position_rad", "qpos", "latent"):
        one, other = getattr(written, name), getattr(read, name)
        if one is None:
            assert other is None
        else:
            assert one.dtype == other.dtype
            np.testing.assert_array_equal(other, one)
    assert read.images.keys() == written.images.keys()
    for camera, image in written.images.items():
        np.testing.assert_array_equal(read.images[camera], image)
    assert read.latent_key == (written.latent_key if written.latent is not None else "")


@settings(max_examples=25, deadline=None)
@given(meta=metas, step=steps(3), final=st.none() | steps(4))
def test_every_field_survives(meta: EpisodeMeta, step: Step, final: Step | None) -> None:
    final = final if final is None or _fits(step, final) else None
    with tempfile.TemporaryDirectory() as folder:
        store = EpisodeStore(Path(folder))
        writer = store.open(meta)
        writer.append(step)
        writer.close(terminated=False, truncated=True, final=final)
        assert store.record("e0").meta == meta
        episode = store.read("e0")
        assert episode.meta == meta
        assert_same(step, store.read_steps("e0")[0])
        assert (episode.final is None) == (final is None)
        if final is not None and episode.final is not None:
            assert_same(final, episode.final)
        assert store.verify() == []


def _fits(step: Step, final: Step) -> bool:
    """Return whether no camera changes its picture's size."""
    return all(image.shape == final.images.get(name, image).shape for name, image in step.images.items())


def test_arrays_hold_the_steps_in_order(store: EpisodeStore, make_meta: MakeMeta, make_step: MakeStep) -> None:
    picture = np.arange(5 * 4 * 3, dtype=np.uint8).reshape(5, 4, 3)
    written = [
        make_step(k, images={"front": picture + k}, mean=None if k else np.ones(7, np.float32)) for k in (0, 2, 5)
    ]
    writer = store.open(make_meta())
    for step in written:
        writer.append(step)
    writer.close(terminated=True, truncated=False, final=make_step(6, images={"front": picture}))
    store.label("e0", "success", "tester")
    episode = store.read("e0")
    assert episode.steps == 3
    assert episode.numbers.tolist() == [0, 2, 5]
    assert episode.rewards.tolist() == [0.0, 0.0, 1.0]
    np.testing.assert_array_equal(episode.states, [step.state for step in written])
    np.testing.assert_array_equal(episode.actions, [step.action for step in written])
    np.testing.assert_array_equal(episode.images["front"], [picture, picture + 2, picture + 5])
    assert episode.latents is not None
    assert (episode.latents.dtype, episode.latents.shape) == (np.dtype(np.float16), (3, 2, 4))
    assert episode.latent_key == "key"
    assert math.isnan(episode.means[1, 0])
    assert episode.means[0, 0] == 1.0
    assert store.read("e0", images=False).images == {}


def test_latents_of_two_models_are_not_mixed(store: EpisodeStore, make_meta: MakeMeta, make_step: MakeStep) -> None:
    with store.open(make_meta()) as writer:
        writer.append(make_step(0, latent_key="one"))
        writer.append(make_step(1, latent_key="two"))
        writer.close(terminated=False, truncated=True)
    episode = store.read("e0")
    assert (episode.latents, episode.latent_key) == (None, "")
    assert [step.latent_key for step in store.read_steps("e0")] == ["one", "two"]


def test_pictures_are_left_out_when_the_meta_says_so(
    store: EpisodeStore, make_meta: MakeMeta, make_step: MakeStep
) -> None:
    with store.open(make_meta(images=False)) as writer:
        writer.append(make_step(0, images={"front": np.zeros((4, 4, 3), np.uint8)}))
        writer.close(terminated=False, truncated=True)
    assert store.read("e0").images == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"state": np.zeros(6, np.float32)},
        {"action": np.zeros((1, 7), np.float32)},
        {"images": {"front": np.zeros((4, 4), np.uint8)}},
        {"images": {"front": np.zeros((4, 4, 3), np.float32)}},
        {"images": {"../front": np.zeros((4, 4, 3), np.uint8)}},
        {"latent": np.zeros(3, np.float16)},
        {"step": 0},
    ],
    ids=str,
)
def test_a_wrong_step_is_refused_and_the_episode_goes_on(
    store: EpisodeStore, make_meta: MakeMeta, make_step: MakeStep, changes: dict[str, Any]
) -> None:
    writer = store.open(make_meta())
    writer.append(make_step(0))
    with pytest.raises(UserError):
        writer.append(make_step(**{"number": 1, **changes}))
    writer.append(make_step(2))
    writer.close(terminated=False, truncated=True)
    assert store.read("e0").numbers.tolist() == [0, 2]
    assert store.verify() == []


@pytest.mark.parametrize("episode_id", ["", "../e0", "a/b", ".hidden", "-x", "a" * 129, "ä", "e\n"])
def test_an_id_that_is_no_safe_file_name_is_refused(make_meta: MakeMeta, episode_id: str) -> None:
    with pytest.raises(UserError, match="expected"):
        make_meta(episode_id)


@pytest.mark.parametrize(
    "changes", [{"kind": "train"}, {"mode": "human"}, {"created_ns": -1}, {"instruction": "\ud800"}]
)
def test_a_wrong_meta_is_refused(make_meta: MakeMeta, changes: dict[str, object]) -> None:
    with pytest.raises(UserError):
        make_meta(**changes)
