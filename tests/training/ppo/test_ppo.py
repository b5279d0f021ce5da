"""PPO on a VLA: what moves and what does not, in both modes; that it repeats, goes on, and learns."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from irevla.config.benchmark.ppo import PpoSettings
from irevla.config.errors import TrainingError
from irevla.config.policy import PolicySettings
from irevla.policies.create import create_vla
from irevla.policies.vla import VLA
from irevla.training.ppo.ppo import Ppo, PpoLosses
from irevla.training.rollout.episode import Episode
from irevla.training.rollout.lanes import Lanes, make_lanes
from irevla.training.rollout.wave import play
from point_env import PointEnv

SAY = "go to the red mark"


def settings(**changes: object) -> PpoSettings:
    values: dict[str, object] = {"waves": 1, "epochs": 2, "minibatch": 16, "critic_warmup_updates": 0}
    return PpoSettings(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture
def lanes() -> Iterator[Lanes]:
    made = make_lanes(PointEnv, 4)
    yield made
    made.close()


def ppo(vla: VLA, *, trains_vlm: bool = False, seed: int = 0, **changes: object) -> Ppo:
    return Ppo(vla, SAY, settings(**changes), trains_vlm=trains_vlm, seed=seed)


def wave(learner: Ppo, lanes: Lanes, number: int = 0) -> list[Episode]:
    return play(lanes, [10 * number + lane for lane in range(lanes.num_envs)], learner.explorer(number))


def update(learner: Ppo, lanes: Lanes, number: int = 0) -> PpoLosses:
    return learner.learn(wave(learner, lanes, number))


def head_of(vla: VLA) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in vla.head.state_dict().items()}


def grip(vla: VLA) -> None:
    """Let the policy mean to open the gripper, as supervised heads do: at the very edge of the box."""
    with torch.no_grad():
        vla.head.mlp[-1].bias[6] = 8.0  # type: ignore[index,operator]


def equal(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def test_stage_1_moves_the_head_and_no_backbone_weight(tiny_vla: VLA, lanes: Lanes) -> None:
    learner = ppo(tiny_vla)
    before, head = tiny_vla.backbone_hash(), head_of(tiny_vla)
    for number in range(3):
        assert update(learner, lanes, number).policy_steps > 0
    assert tiny_vla.backbone_hash() == before
    assert not equal(head, head_of(tiny_vla))


def test_the_whole_model_moves_when_it_is_told_to(tiny_vla: VLA, lanes: Lanes) -> None:
    learner = ppo(tiny_vla, trains_vlm=True)
    before = tiny_vla.backbone_hash()
    update(learner, lanes)
    assert tiny_vla.backbone_hash() != before


@pytest.mark.parametrize("trains_vlm", [False, True])
def test_the_policy_rests_while_the_critic_warms_up(tiny_vla: VLA, lanes: Lanes, trains_vlm: bool) -> None:
    learner = ppo(tiny_vla, trains_vlm=trains_vlm, critic_warmup_updates=1)
    vlm, head, critic = tiny_vla.backbone_hash(), head_of(tiny_vla), learner.critic.mlp[0].weight.clone()  # type: ignore[operator,union-attr]
    assert update(learner, lanes).policy_steps == 0
    assert tiny_vla.backbone_hash() == vlm and equal(head, head_of(tiny_vla))
    assert not torch.equal(critic, learner.critic.mlp[0].weight)  # type: ignore[arg-type]
    assert update(learner, lanes, 1).policy_steps > 0
    assert not equal(head, head_of(tiny_vla))


@pytest.mark.parametrize("trains_vlm", [False, True])
def test_the_first_ratio_is_one(tiny_vla: VLA, lanes: Lanes, trains_vlm: bool) -> None:
    """What was drawn is judged by the very policy that drew it: same latents and rounding, no dropout, no clipping."""
    grip(tiny_vla)
    losses = update(ppo(tiny_vla, trains_vlm=trains_vlm, epochs=1, minibatch=16384), lanes)
    assert losses.divergence == pytest.approx(0.0, abs=1e-6)
    assert losses.clipped_share == 0.0 and losses.policy_steps == 1


def test_each_observation_is_encoded_once(tiny_vla: VLA, lanes: Lanes, monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[int] = []
    encode = tiny_vla.encode
    monkeypatch.setattr(tiny_vla, "encode", lambda seen, said: rows.append(len(seen)) or encode(seen, said))  # type: ignore[func-returns-value]
    learner = ppo(tiny_vla, epochs=4)
    episodes = wave(learner, lanes)
    learner.learn(episodes)
    failures = sum(not episode.success for episode in episodes)
    assert failures, "the seeds were meant to give a time-out"
    assert sum(rows) == sum(map(len, episodes)) + failures


def test_a_whole_model_that_rests_is_asked_once_for_all_epochs(
    tiny_vla: VLA, lanes: Lanes, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner = ppo(tiny_vla, trains_vlm=True, critic_warmup_updates=1, epochs=4)
    episodes = wave(learner, lanes)
    rows: list[int] = []
    encode = tiny_vla.encode
    monkeypatch.setattr(tiny_vla, "encode", lambda seen, said: rows.append(len(seen)) or encode(seen, said))  # type: ignore[func-returns-value]
    learner.learn(episodes)
    assert sum(rows) == sum(map(len, episodes)) + sum(not episode.success for episode in episodes)


def test_the_arm_gets_the_clipped_draw_and_the_ratio_the_draw_itself(tiny_vla: VLA, lanes: Lanes) -> None:
    grip(tiny_vla)
    learner = ppo(tiny_vla)
    for episode in wave(learner, lanes):
        draws, means = episode.extras["draws"], episode.extras["means"]
        assert np.array_equal(episode.actions, draws.clip(-1.0, 1.0))
        assert means[:, 6].min() > 0.99 and draws[:, 6].max() > 1.0
        stds = np.array([0.15] * 6 + [0.3])
        by_hand = (-0.5 * ((draws - means) / stds) ** 2 - np.log(stds) - 0.5 * np.log(2 * np.pi)).sum(1)
        assert np.allclose(episode.extras["log_probs"], by_hand, atol=1e-4)


def test_the_policy_rests_once_it_has_moved_far_enough(tiny_vla: VLA, lanes: Lanes) -> None:
    free = update(ppo(tiny_vla, learning_rate=0.01, target_kl=1e9, epochs=8), lanes)
    bound = update(ppo(tiny_vla, learning_rate=0.01, target_kl=1e-4, epochs=8), lanes)
    assert 0 < bound.policy_steps < free.policy_steps


@pytest.mark.parametrize("what", ["values", "log_probs"])
def test_a_nan_is_named_and_changes_nothing(tiny_vla: VLA, lanes: Lanes, what: str) -> None:
    learner = ppo(tiny_vla, minibatch=16384)
    episodes = wave(learner, lanes)
    episodes[0].extras[what][:] = np.nan
    before = {name: value.clone() for name, value in learner.tensors().items()}
    with pytest.raises(TrainingError, match=r"nan.* in update 0"):
        learner.learn(episodes)
    assert equal(before, learner.tensors())


@pytest.mark.parametrize("trains_vlm", [False, True])
def test_equal_seeds_are_bit_equal_and_so_is_going_on(tiny: PolicySettings, lanes: Lanes, trains_vlm: bool) -> None:
    def fresh(seed: int = 0) -> Ppo:
        return ppo(create_vla(tiny, seed=0), trains_vlm=trains_vlm, seed=seed, learning_rate=1e-3)

    one, other = fresh(), fresh()
    for number in range(4):
        update(one, lanes, number)
    for number in range(2):
        update(other, lanes, number)
    torch.manual_seed(99)  # the process's own random numbers have no say
    resumed = fresh()
    resumed.load({name: value.clone() for name, value in other.tensors().items()})
    for number in range(2, 4):
        update(resumed, lanes, number)
    assert equal(one.tensors(), resumed.tensors())
    assert one.vla.backbone_hash() == resumed.vla.backbone_hash()
    different = fresh(seed=1)
    update(different, lanes)
    assert not equal(head_of(one.vla), head_of(different.vla))


def test_the_critic_sees_the_state_as_the_head_does(tiny_vla: VLA) -> None:
    tiny_vla.head.state_features.set_statistics(torch.arange(7.0), torch.full((7,), 2.0))
    assert torch.equal(ppo(tiny_vla).critic.state_features.mean, torch.arange(7.0))


def test_the_critic_depends_on_the_seed(tiny_vla: VLA) -> None:
    first, same, other = (ppo(tiny_vla, seed=seed).critic.state_dict() for seed in (0, 0, 1))
    assert equal(first, same) and not equal(first, other)
