"""SACfD's arithmetic by hand, its safeguards, and that it can go on bit-equal."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from irevla.config.errors import TrainingError
from irevla.config.learner import LearnerSettings
from irevla.policies.action_head import ActionHead
from irevla.training.replay import LatentBatch
from irevla.training.sacfd import TARGET_ENTROPY, Sacfd

MakeBatch = Callable[..., LatentBatch]


def settings(**changes: object) -> LearnerSettings:
    values: dict[str, object] = {"critics": 2, "critic_warmup_updates": 0, "actor_every": 1, "batch_size": 6}
    return LearnerSettings(**{**values, **changes})  # type: ignore[arg-type]


class KnownValues(nn.Module):
    """Critics that say what they are told, whatever they see; ``(N, B)``."""

    def __init__(self, values: list[list[float]]) -> None:
        super().__init__()
        self.values = torch.tensor(values)

    def forward(self, latent: Tensor, state: Tensor, action: Tensor) -> Tensor:
        return self.values


def test_targets_hand_computed(head: ActionHead, make_batch: MakeBatch) -> None:
    """gamma 0.5; critic values (min over members, then clamped to [0, 1]); only a real end cuts the bootstrap."""
    sacfd = Sacfd(head, settings(discount=0.5), seed=0)
    sacfd.target = KnownValues([[0.6, 0.9, 3.0, 0.4, 0.7], [0.8, 0.2, 2.0, -0.3, 0.9]])  # type: ignore[assignment]
    batch = make_batch(
        5,
        rewards=np.array([0, 0, 0, 0, 1], np.float32),
        terminated=np.array([False, False, False, False, True]),
    )
    expected = [
        0.5 * 0.6,  # the smaller of 0.6 and 0.8
        0.5 * 0.2,
        0.5 * 1.0,  # 2.0 is impossible with a reward of 0 or 1
        0.5 * 0.0,  # so is -0.3
        1.0,  # terminated: the reward alone
    ]
    assert sacfd.targets(batch).tolist() == pytest.approx(expected)


def test_a_time_out_bootstraps_and_a_terminated_failure_does_not(head: ActionHead, make_batch: MakeBatch) -> None:
    sacfd = Sacfd(head, settings(discount=0.5), seed=0)
    sacfd.target = KnownValues([[0.6, 0.6], [0.6, 0.6]])  # type: ignore[assignment]
    batch = make_batch(2, terminated=np.array([False, True]))
    assert sacfd.targets(batch).tolist() == pytest.approx([0.3, 0.0])


def test_critics_learn_the_value_of_a_success(head: ActionHead, make_batch: MakeBatch) -> None:
    sacfd = Sacfd(head, settings(learning_rate=3e-3, q_weight=0.0), seed=0)
    batch = make_batch(rewards=np.ones(6, np.float32), terminated=np.ones(6, np.bool_))
    first = sacfd.update(batch)
    for _ in range(200):
        last = sacfd.update(batch)
    assert first.q_mean < 0.3
    assert last.q_mean == pytest.approx(1.0, abs=0.05)
    assert last.critic_loss < 0.05 * first.critic_loss


def test_the_anchor_imitates_successful_steps_only(head: ActionHead, make_batch: MakeBatch) -> None:
    sacfd = Sacfd(head, settings(q_weight=0.0, learning_rate=3e-3), seed=0)
    successful = np.array([True, True, True, False, False, False])
    batch = make_batch(successful=successful)
    latents, states = torch.from_numpy(batch.latents).float(), torch.from_numpy(batch.states)

    def distances() -> tuple[float, float]:
        with torch.no_grad():
            squared = (head(latents, states) - torch.from_numpy(batch.actions)).square().sum(1)
        return squared[:3].mean().item(), squared[3:].mean().item()

    near, far = distances()
    losses = sacfd.update(batch)
    assert losses.bc_loss == pytest.approx(near, rel=1e-5)
    assert losses.actor_loss == pytest.approx(settings().bc_weight * near, rel=1e-5)
    for _ in range(150):
        sacfd.update(batch)
    assert distances()[0] < 0.2 * near
    assert distances()[1] > 0.5 * far


def test_without_successes_there_is_nothing_to_imitate(head: ActionHead, make_batch: MakeBatch) -> None:
    sacfd = Sacfd(head, settings(q_weight=0.0), seed=0)
    before = {name: value.clone() for name, value in head.state_dict().items()}
    losses = sacfd.update(make_batch(successful=np.zeros(6, np.bool_)))
    assert losses.bc_loss == 0.0
    assert all(torch.equal(value, before[name]) for name, value in head.state_dict().items())


def test_the_head_follows_the_critic_when_nothing_anchors_it(head: ActionHead, make_batch: MakeBatch) -> None:
    sacfd = Sacfd(head, settings(bc_weight=0.0, q_weight=1.0, initial_temperature=0.0, learning_rate=3e-3), seed=0)

    class Likes(nn.Module):
        members = 1

        def forward(self, latent: Tensor, state: Tensor, action: Tensor) -> Tensor:
            return -(action[:, 0] - 0.5).square()[None]

    batch = make_batch()
    sacfd.critic = Likes()  # type: ignore[assignment]
    states, actions = torch.from_numpy(batch.states), torch.from_numpy(batch.actions)
    latents = torch.from_numpy(batch.latents).float()
    for _ in range(300):
        sacfd._update_actor(latents, states, actions, torch.from_numpy(batch.successful))
    assert head(latents, states)[:, 0].tolist() == pytest.approx([0.5] * 6, abs=0.1)


def test_the_head_rests_while_the_critics_warm_up(head: ActionHead, make_batch: MakeBatch) -> None:
    sacfd = Sacfd(head, settings(critic_warmup_updates=3, actor_every=2), seed=0)
    start = head.mlp[0].weight.detach().clone()  # type: ignore[union-attr,operator]
    for update in range(1, 6):
        losses = sacfd.update(make_batch(seed=update))
        moved = not torch.equal(start, head.mlp[0].weight)  # type: ignore[arg-type,union-attr]
        assert moved == (update >= 4)
        assert math.isnan(losses.actor_loss) == (update < 4)


def test_temperature_goes_up_when_the_policy_is_too_sure_and_down_when_it_is_not(
    head: ActionHead, make_batch: MakeBatch
) -> None:
    for std, grows in ((0.05, True), (0.5, False)):
        chosen = settings(initial_std=std, gripper_std=std, initial_temperature=0.001, q_weight=0.0)
        sacfd = Sacfd(head, chosen, seed=0)
        losses = sacfd.update(make_batch())
        # Entropy of seven independent Gaussians: 7 (ln std + ln(2 pi e)/2); the target is -7/2.
        assert losses.entropy == pytest.approx(7 * (math.log(std) + 0.5 * math.log(2 * math.pi * math.e)), rel=1e-4)
        assert (losses.entropy < TARGET_ENTROPY) == grows
        after = sacfd.update(make_batch())
        assert (after.temperature > losses.temperature) == grows


def test_the_target_follows_by_tau(head: ActionHead, make_batch: MakeBatch) -> None:
    sacfd = Sacfd(head, settings(tau=0.25), seed=0)
    before = [weight.clone() for weight in sacfd.target.parameters()]
    sacfd.update(make_batch())
    for old, now, critic in zip(before, sacfd.target.parameters(), sacfd.critic.parameters(), strict=True):
        assert torch.allclose(now, 0.75 * old + 0.25 * critic, atol=1e-6)


def test_a_nan_is_named_and_changes_nothing(head: ActionHead, make_batch: MakeBatch) -> None:
    sacfd = Sacfd(head, settings(), seed=0)
    before = {name: value.clone() for name, value in sacfd.tensors().items()}
    with pytest.raises(TrainingError, match="critic loss became nan"):
        sacfd.update(make_batch(rewards=np.full(6, np.nan, np.float32)))
    after = sacfd.tensors()
    for name in before:
        if name.startswith(("head.", "critic.", "target.")):
            assert torch.equal(before[name], after[name])


def test_equal_seeds_are_bit_equal_and_so_is_going_on(head: ActionHead, make_batch: MakeBatch) -> None:
    def fresh() -> ActionHead:
        torch.manual_seed(0)
        return ActionHead(head.shape)

    one, other = Sacfd(fresh(), settings(), seed=1), Sacfd(fresh(), settings(), seed=1)
    for number in range(4):
        one.update(make_batch(seed=number))
        other.update(make_batch(seed=number))
    torch.manual_seed(99)  # the process's own random numbers have no say
    resumed = Sacfd(fresh(), settings(), seed=5)
    resumed.load(other.tensors())
    for number in range(4, 8):
        one.update(make_batch(seed=number))
        resumed.update(make_batch(seed=number))
    for name, value in one.tensors().items():
        torch.testing.assert_close(value, resumed.tensors()[name], rtol=0, atol=0, equal_nan=True, msg=name)
    third = Sacfd(fresh(), settings(), seed=2)
    assert not torch.equal(third.critic.mlp[0].weight, Sacfd(fresh(), settings(), seed=1).critic.mlp[0].weight)  # type: ignore[arg-type,union-attr]


def test_critics_see_the_state_as_the_head_does(head: ActionHead) -> None:
    head.state_features.set_statistics(torch.arange(7.0), torch.full((7,), 2.0))
    sacfd = Sacfd(head, settings(), seed=0)
    assert torch.equal(sacfd.critic.state_features.mean, torch.arange(7.0))
    assert torch.equal(sacfd.target.state_features.std, torch.full((7,), 2.0))
