"""The critic ensemble: every member's MLP as if it were alone, and able to learn."""

from __future__ import annotations

import torch
from torch.nn import functional

from irevla.policies.critic_head import CriticHead
from irevla.policies.head_shape import HeadShape

SHAPE = HeadShape(tokens=4, width=8, hidden=(16, 12), maps=4)


def test_the_batched_ensemble_is_its_members_computed_one_by_one() -> None:
    critic = CriticHead(SHAPE, 3)
    with torch.no_grad():
        for weight in critic.parameters():
            weight.normal_()
    latent, state, action = torch.randn(5, 4, 8), torch.randn(5, 7), torch.randn(5, 7)
    together = critic(latent, state, action)
    assert together.shape == (3, 5)
    weights = critic.state_dict()
    for member in range(3):
        scores = latent @ weights["token_learner.score.weight"].T + weights["token_learner.score.bias"]
        attention = scores.softmax(1)
        pooled = torch.cat([(attention[..., k, None] * latent[..., 2 * k : 2 * k + 2]).sum(1) for k in range(4)], 1)
        values = torch.cat([pooled, state.clamp(-5, 5), action], 1)
        for layer in (0, 3):
            values = values @ weights[f"mlp.{layer}.weight"][member] + weights[f"mlp.{layer}.bias"][member]
            values = functional.layer_norm(values, values.shape[-1:])
            values = values * weights[f"mlp.{layer + 1}.weight"][member] + weights[f"mlp.{layer + 1}.bias"][member]
            values = functional.gelu(values)
        expected = (values @ weights["mlp.6.weight"][member] + weights["mlp.6.bias"][member]).squeeze(-1)
        torch.testing.assert_close(together[member], expected, rtol=1e-4, atol=1e-4)


def test_members_differ_and_start_near_zero() -> None:
    torch.manual_seed(0)
    values = CriticHead(SHAPE, 4)(torch.randn(9, 4, 8), torch.randn(9, 7), torch.randn(9, 7))
    assert values.abs().max() < 0.1
    assert values.std(0).min() > 0


def test_it_learns_which_action_is_good() -> None:
    torch.manual_seed(0)
    critic = CriticHead(SHAPE, 2)
    optimizer = torch.optim.Adam(critic.parameters(), 3e-3)
    latent, state = torch.randn(64, 4, 8), torch.randn(64, 7)
    action = torch.rand(64, 7) * 2 - 1
    target = (action[:, 0] > 0).float()
    for _ in range(200):
        loss = (critic(latent, state, action) - target).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.05
