"""Stage 1's core: fed by the store, exactly once, frozen backbone, resume bit-equal, relabels, stale latents."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from irevla.config.errors import CheckpointError, StaleLatentError, TrainingError, UserError
from irevla.config.learner import LearnerSettings
from irevla.policies import checkpoint as checkpoints
from irevla.policies.checkpoint import load_checkpoint
from irevla.policies.heads import head_from_bytes
from irevla.policies.vla import VLA
from irevla.training.stage1 import Stage1
from irevla.training.store.episode_store import EpisodeStore

Record = Callable[..., str]
Model = tuple[Path, str, str]
Start = Callable[..., Stage1]
SETTINGS = LearnerSettings(batch_size=8, critics=2, critic_warmup_updates=4, updates_per_step=1.0, capacity_steps=1000)


@pytest.fixture
def online(record: Record, model: Model) -> Callable[..., str]:
    """Record an online episode of the model under test."""
    return lambda name, **changes: record(name, **{"model_hash": model[1], **changes})


@pytest.fixture
def start(store: EpisodeStore, record: Record, model: Model) -> Start:
    demos = [record(f"zero{n}", kind="zero_shot") for n in range(2)]

    def make(state_dir: Path | None = None, **changes: object) -> Stage1:
        values: dict[str, object] = {"demo_episodes": demos, "seed": 0, "settings": SETTINGS, "state_dir": state_dir}
        return Stage1(store, model[0], "pick_eggplant", **{**values, **changes})  # type: ignore[arg-type]

    return make


def drain(learner: Stage1) -> None:
    for _ in learner.catch_up():
        pass


def same(one: bytes, other: bytes) -> bool:
    """Whether two heads are bit-equal (the bytes' own metadata comes in any order)."""
    heads = [head_from_bytes(data) for data in (one, other)]
    first, second = ([*heads_.action.parameters(), *(heads_.critic or heads_.action).parameters()] for heads_ in heads)
    return all(torch.equal(a, b) for a, b in zip(first, second, strict=True))


def test_each_episode_brings_its_updates_and_one_version(start: Start, online: Record) -> None:
    learner = start()
    drain(learner)
    assert (learner.status().weights_version, learner.status().updates) == (0, 0)
    online("a", steps=4)
    drain(learner)
    status = learner.status()
    assert (status.weights_version, status.online_episodes, status.online_successes) == (1, 1, 1)
    assert (status.updates, status.online_steps, status.demo_steps) == (4 + 4, 4, 8)
    online("b", steps=3, label="failure")
    online("c", steps=2, label="failure")
    drain(learner)
    status = learner.status()
    assert (status.weights_version, status.updates, status.online_successes) == (3, 4 + 9, 1)
    drain(learner)
    assert learner.status() == status


def test_only_this_task_model_and_kind_is_learnt_from(start: Start, online: Record) -> None:
    learner = start()
    online("other_task", task="pick_carrot")
    online("evaluation", kind="eval")
    online("older_model", model_hash="older")
    online("unlabelled", label="")
    online("thrown_away", label="discard")
    drain(learner)
    assert learner.status().online_episodes == 0


def test_a_relabel_reaches_the_replay_and_is_no_new_episode(start: Start, online: Record, store: EpisodeStore) -> None:
    learner = start()
    online("a", label="success")
    drain(learner)
    store.label("a", "failure", "operator")
    drain(learner)
    assert (learner.status().online_successes, learner.status().weights_version) == (0, 1)
    assert learner.status().online_steps == 4
    store.label("a", "discard", "operator")
    drain(learner)
    assert learner.status().online_steps == 0
    store.undo_label("a", "operator")
    drain(learner)
    assert (learner.status().online_steps, learner.status().weights_version) == (4, 1)
    store.label("zero0", "failure", "operator")
    drain(learner)
    assert learner.status().demo_steps == 4


def test_a_label_that_is_taken_back_takes_the_episode_out_of_the_replay(
    start: Start, online: Record, store: EpisodeStore
) -> None:
    learner = start()
    online("a", label="success")
    drain(learner)
    store.undo_label("a", "operator")
    drain(learner)
    assert (learner.status().online_steps, learner.status().online_successes) == (0, 0)
    store.label("a", "failure", "operator")
    drain(learner)
    assert (learner.status().online_steps, learner.status().weights_version) == (4, 1)


def test_killed_at_any_episode_it_goes_on_bit_equal(
    start: Start, online: Record, store: EpisodeStore, tmp_path: Path
) -> None:
    names = [online(f"e{n}", steps=3 + n, label=("success", "failure")[n % 2]) for n in range(4)]
    whole = start()
    drain(whole)
    assert whole.status().weights_version == len(names)
    for stop in (1, 3, 4, 6):  # statuses seen before the kill: in the middle of an episode, or after one
        folder = tmp_path / f"state{stop}"
        killed = start(folder)
        seen = killed.catch_up()
        for _ in range(stop):
            next(seen)
        seen.close()
        resumed = start(folder)
        drain(resumed)
        assert resumed.status() == whole.status()
        assert same(resumed.weights().data, whole.weights().data)


def test_an_iteration_ended_early_learns_the_episode_once(start: Start, online: Record) -> None:
    online("a", steps=4)
    learner = start()
    for _ in learner.catch_up():
        break
    drain(learner)
    assert (learner.status().weights_version, learner.status().updates) == (1, 8)


def test_another_tasks_state_is_not_resumed(start: Start, online: Record, tmp_path: Path) -> None:
    online("a")
    drain(start(tmp_path / "state"))
    assert start(tmp_path / "state").status().weights_version == 1
    assert start(tmp_path / "state", seed=1).status().weights_version == 0


def test_latents_of_another_backbone_are_refused_and_named(start: Start, online: Record, record: Record) -> None:
    learner = start()
    online("stale", latent_key="f" * 64)
    online("blind", latent_key="")
    online("good")
    drain(learner)
    assert learner.status().online_episodes == 1
    assert "blind" in learner.status().detail
    record("stale_demo", latent_key="f" * 64)
    with pytest.raises(StaleLatentError, match="encode the episode again"):
        start(demo_episodes=["stale_demo"])


def test_the_demo_buffer_takes_successes_only(start: Start, record: Record) -> None:
    with pytest.raises(UserError, match="successes only"):
        start(demo_episodes=[record("bad", label="failure")])
    with pytest.raises(UserError, match="got none"):
        start(demo_episodes=[])


def test_version_zero_is_the_checkpoints_own_head(start: Start, online: Record, model: Model) -> None:
    learner = start()
    own = load_checkpoint(model[0]).vla.head
    sent = learner.weights()
    assert (sent.version, sent.latent_key) == (0, model[2])
    latent, state = torch.randn(3, own.shape.tokens, own.shape.width), torch.randn(3, 7)
    assert torch.equal(head_from_bytes(sent.data).action(latent, state), own(latent, state))
    online("a")
    drain(learner)
    after = head_from_bytes(learner.weights().data)
    assert not torch.equal(after.action(latent, state), own(latent, state))
    assert after.critic is not None


def test_no_backbone_weight_moves(start: Start, online: Record, model: Model, tmp_path: Path) -> None:
    learner = start()
    online("a")
    drain(learner)
    model_hash = learner.finish(tmp_path / "models" / "stage1")
    before, after = load_checkpoint(model[0]), load_checkpoint(tmp_path / "models" / "stage1", model_hash)
    theta = before.vla.backbone_tensors()
    assert all(torch.equal(value, theta[name]) for name, value in after.vla.backbone_tensors().items())
    assert after.vla.latent_key() == model[2]
    assert (after.manifest.stage, after.manifest.parent) == ("stage1", model[1])
    assert after.critic is not None
    learnt = head_from_bytes(learner.weights().data).action.state_dict()
    assert all(torch.equal(value, learnt[name]) for name, value in after.vla.head.state_dict().items())


def test_a_backbone_weight_that_moved_is_noticed(
    start: Start, online: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner = start()
    online("a")
    drain(learner)
    save = checkpoints.save_checkpoint

    def save_moved(folder: Path, vla: VLA, **rest: object) -> str:
        with torch.no_grad():
            next(vla.vlm.vision_model.parameters()).add_(1e-4)
        return save(folder, vla, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(checkpoints, "save_checkpoint", save_moved)
    with pytest.raises(TrainingError, match="backbone weight moved"):
        learner.finish(tmp_path / "stage1")


def test_a_start_model_that_was_replaced_is_noticed(start: Start, online: Record, model: Model, tmp_path: Path) -> None:
    learner = start()
    online("a")
    drain(learner)
    vla = load_checkpoint(model[0]).vla
    checkpoints.save_checkpoint(model[0], vla, stage="stage2")
    with pytest.raises(CheckpointError, match="expected model"):
        learner.finish(tmp_path / "stage1")


def test_self_imitation_is_a_setting(start: Start, online: Record) -> None:
    learner = start(settings=SETTINGS.model_copy(update={"q_weight": 0.0}))
    online("a", steps=6)
    drain(learner)
    losses = learner.status().losses
    assert losses.actor_loss == pytest.approx(SETTINGS.bc_weight * losses.bc_loss)
    assert np.isfinite(losses.critic_loss)
