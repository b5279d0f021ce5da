"""The value head: the action head's mirror with output one."""

from __future__ import annotations

import torch

from irevla.policies.action_head import ActionHead
from irevla.policies.head_shape import HeadShape
from irevla.policies.value_head import ValueHead

SHAPE = HeadShape(tokens=3, width=8, use_state=True, hidden=(16, 12), maps=2)


def test_it_mirrors_the_action_head() -> None:
    action = {name: tuple(value.shape) for name, value in ActionHead(SHAPE).state_dict().items() if name != "log_std"}
    value = {name: tuple(value.shape) for name, value in ValueHead(SHAPE).state_dict().items()}
    last = max(name for name in action if name.startswith("mlp") and name.endswith("weight")).removesuffix("weight")
    assert value.pop(f"{last}weight") == (1, 12) and action.pop(f"{last}weight") == (7, 12)
    assert value.pop(f"{last}bias") == (1,) and action.pop(f"{last}bias") == (7,)
    assert value == action


def test_one_number_a_row_from_latent_and_state() -> None:
    torch.manual_seed(0)
    critic = ValueHead(SHAPE)
    latents, states = torch.randn(4, 3, 8), torch.randn(4, 7)
    values = critic(latents, states)
    assert values.shape == (4,)
    assert not torch.allclose(values, critic(latents.flip(0), states))
    assert not torch.allclose(values, critic(latents, states.flip(0)))


def test_a_fresh_one_calls_no_state_worth_much() -> None:
    torch.manual_seed(0)
    assert ValueHead(SHAPE)(torch.randn(64, 3, 8), torch.randn(64, 7)).abs().max() < 0.5
