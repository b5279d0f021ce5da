"""The served policy: what it answers, and that a bad head or model never takes the place of a good one."""

from __future__ import annotations

import hashlib
import math
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from irevla.config.errors import CheckpointError, StaleLatentError, UserError
from irevla.config.policy import PolicySettings
from irevla.policies.action_head import ActionHead
from irevla.policies.base import Observation
from irevla.policies.checkpoint import save_checkpoint
from irevla.policies.create import create_vla
from irevla.policies.critic_head import CriticHead
from irevla.policies.head_shape import HeadShape
from irevla.policies.heads import head_to_bytes
from irevla.policies.policy import Policy
from irevla.policies.vla import VLA


@pytest.fixture
def folder(vla: VLA, tmp_path: Path) -> Path:
    save_checkpoint(tmp_path / "model", vla)
    return tmp_path / "model"


@pytest.fixture
def policy(folder: Path, settings: PolicySettings) -> Policy:
    return Policy(folder, settings)


def _another_head(policy: Policy, seed: int = 5) -> ActionHead:
    torch.manual_seed(seed)
    head = ActionHead(HeadShape(16, 128, hidden=(16, 16), maps=32))
    with torch.no_grad():
        for weight in head.mlp.parameters():
            weight.add_(torch.randn_like(weight) * 0.2)
    return head


def test_the_mean_is_the_models_own_on_the_rounded_latent(policy: Policy, vla: VLA, observation: Observation) -> None:
    answer = policy.infer(observation, explore=False)
    pictures = torch.from_numpy(vla.spec.preprocessing.pictures(observation.images))[None]
    with torch.no_grad():
        latent = vla.encode(pictures, [observation.instruction]).half()
        mean = vla.act(latent.float(), torch.from_numpy(observation.state)[None])
    assert answer.latent.dtype == np.float16 and answer.latent.shape == (16, 128)
    assert np.array_equal(answer.latent, latent[0].numpy())
    assert np.array_equal(answer.mean, mean[0].numpy())
    assert np.array_equal(answer.action, answer.mean)
    assert answer.latent_key == vla.latent_key() and answer.weights_version == 0
    assert math.isnan(answer.q_value) and math.isfinite(answer.log_prob) and answer.infer_s > 0


def test_exploring_draws_around_the_mean_and_repeats_for_a_seed(policy: Policy, observation: Observation) -> None:
    first, again = (policy.infer(observation, True, torch.Generator().manual_seed(4)) for _ in range(2))
    other = policy.infer(observation, True, torch.Generator().manual_seed(5))
    assert np.array_equal(first.action, again.action) and not np.array_equal(first.action, other.action)
    assert np.array_equal(first.mean, other.mean)
    scaled = (first.action.astype(np.float64) - first.mean) / 0.15
    expected = (-0.5 * scaled**2 - math.log(0.15) - 0.5 * math.log(2 * math.pi)).sum()
    assert first.log_prob == pytest.approx(expected, rel=1e-4)


def test_a_swapped_head_answers_from_the_next_step_on(policy: Policy, observation: Observation) -> None:
    before = policy.infer(observation, False)
    head, critic = _another_head(policy), CriticHead(HeadShape(16, 128, hidden=(16, 16), maps=32), 3)
    data = head_to_bytes(head, critic)
    policy.swap_head(data, 4, policy.latent_key, hashlib.sha256(data).hexdigest())
    after = policy.infer(observation, False)
    latent, state = torch.from_numpy(after.latent).float()[None], torch.from_numpy(observation.state)[None]
    with torch.no_grad():
        assert np.array_equal(after.mean, head(latent, state)[0].numpy())
        assert after.q_value == pytest.approx(float(critic(latent, state, head(latent, state)).min()), abs=1e-6)
    assert not np.array_equal(before.mean, after.mean)
    assert np.array_equal(before.latent, after.latent)
    assert (after.weights_version, after.model_hash) == (4, before.model_hash)


def test_a_bad_head_leaves_the_running_one(policy: Policy, observation: Observation) -> None:
    good = head_to_bytes(_another_head(policy))
    wide = head_to_bytes(ActionHead(HeadShape(16, 256, hidden=(16, 16), maps=32)))
    before = policy.infer(observation, False)
    for data, version, key, sha256, error in [
        (good, 1, "0" * 64, "", StaleLatentError),
        (good[:-9], 1, policy.latent_key, "", CheckpointError),
        (wide, 1, policy.latent_key, "", CheckpointError),
        (good, 1, policy.latent_key, "0" * 64, CheckpointError),
        (good, 0, policy.latent_key, "", UserError),
    ]:
        with pytest.raises(error):
            policy.swap_head(data, version, key, sha256)
    after = policy.infer(observation, False)
    assert np.array_equal(before.mean, after.mean) and after.weights_version == 0


def test_a_bad_model_leaves_the_running_one(
    policy: Policy, folder: Path, settings: PolicySettings, observation: Observation
) -> None:
    running = policy.model_hash
    other = folder.parent / "other"
    other_hash = save_checkpoint(other, create_vla(settings, seed=9))
    data = (other / "model.safetensors").read_bytes()
    (other / "model.safetensors").write_bytes(data[:-100])
    for path, sha256 in [(other, ""), (folder, other_hash), (folder.parent / "nowhere", "")]:
        with pytest.raises(CheckpointError):
            policy.load(path, sha256)
    assert policy.model_hash == running and policy.infer(observation, False).model_hash == running
    (other / "model.safetensors").write_bytes(data)
    policy.load(other, other_hash)
    assert policy.infer(observation, False).model_hash == other_hash != running


def test_a_model_that_answers_nan_is_not_served(folder: Path, settings: PolicySettings, vla: VLA) -> None:
    with torch.no_grad():
        vla.view_embedding.fill_(torch.nan)
    save_checkpoint(folder.parent / "nan", vla)
    with pytest.raises(CheckpointError, match="expected finite actions"):
        Policy(folder.parent / "nan", settings)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"images": {}}, r"missing \['front', 'wrist'\]"),
        ({"state": np.full(7, np.nan, np.float32)}, "7 finite numbers"),
        ({"state": np.zeros(6, np.float32)}, "7 finite numbers"),
        ({"instruction": "x" * 10_000}, "at most 512 characters"),
        ({"instruction": "🦾" * 200}, "at most 96 tokens"),
    ],
)
def test_a_bad_observation_is_refused_and_the_next_one_answered(
    policy: Policy, observation: Observation, change: dict[str, object], message: str
) -> None:
    with pytest.raises(UserError, match=message):
        policy.infer(replace(observation, **change), False)  # type: ignore[arg-type]
    assert policy.infer(replace(observation, instruction="fetch the 🍆 ünïcode"), False).action.shape == (7,)


def test_no_answer_mixes_two_heads_while_another_thread_swaps(policy: Policy, observation: Observation) -> None:
    heads = [_another_head(policy, seed) for seed in range(3)]
    blobs = [head_to_bytes(head) for head in heads]
    stop = threading.Event()

    def swap() -> None:
        version = 0
        while not stop.is_set():
            version += 1
            policy.swap_head(blobs[version % 3], version, policy.latent_key)

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        answers = [policy.infer(observation, False) for _ in range(60)]
    finally:
        stop.set()
        thread.join(timeout=10)
    assert not thread.is_alive()
    latent, state = torch.from_numpy(answers[0].latent).float()[None], torch.from_numpy(observation.state)[None]
    with torch.no_grad():
        means = [head(latent, state)[0].numpy() for head in heads]
    for answer in answers:
        if answer.weights_version:
            np.testing.assert_array_equal(answer.mean, means[answer.weights_version % 3])
    assert len({answer.weights_version for answer in answers}) > 3


def test_re_encoding_gives_the_latent_of_the_step(policy: Policy, observation: Observation) -> None:
    answer = policy.infer(observation, False)
    assert np.array_equal(policy.encode(observation.images, observation.instruction), answer.latent)
