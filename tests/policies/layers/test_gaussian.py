"""The exploring Gaussian against hand-computed densities and torch's own distribution."""

from __future__ import annotations

import math

import pytest
import torch

from irevla.policies.layers.gaussian import Gaussian


def test_log_prob_and_entropy_by_hand() -> None:
    policy = Gaussian(torch.tensor([[0.5, -0.5]]), torch.tensor([0.0, math.log(2.0)]))
    # -1/2 ((0.5-0.5)/1)^2 - 0 - 1/2 ln 2pi  and  -1/2 ((0.5+0.5)/2)^2 - ln 2 - 1/2 ln 2pi
    assert policy.log_prob(torch.tensor([[0.5, 0.5]])).item() == pytest.approx(
        -0.125 - math.log(2.0) - math.log(2.0 * math.pi), abs=1e-6
    )
    assert policy.entropy().item() == pytest.approx(1.0 + math.log(2.0 * math.pi) + math.log(2.0), abs=1e-6)


def test_it_agrees_with_torch() -> None:
    mean, log_std = torch.randn(4, 7).tanh(), torch.randn(7) * 0.3 - 1
    action = torch.rand(4, 7) * 2 - 1
    reference = torch.distributions.Independent(torch.distributions.Normal(mean, log_std.exp()), 1)
    torch.testing.assert_close(Gaussian(mean, log_std).log_prob(action), reference.log_prob(action))
    torch.testing.assert_close(Gaussian(mean, log_std).entropy(), reference.entropy())


def test_samples_stay_in_the_box_repeat_for_a_seed_and_carry_gradients() -> None:
    mean = torch.tensor([[1.0, 0.0]] * 500, requires_grad=True)
    log_std = torch.tensor([-1.0, -1.0], requires_grad=True)
    policy = Gaussian(mean, log_std)
    first = policy.rsample(torch.Generator().manual_seed(5))
    assert first.abs().max() <= 1
    assert torch.equal(first, policy.rsample(torch.Generator().manual_seed(5)))
    first[:, 1].sum().backward()
    assert mean.grad is not None and log_std.grad is not None
    assert mean.grad[:, 1].mean() > 0.9 and log_std.grad[1] != 0
    assert first[:, 1].detach().std().item() == pytest.approx(math.exp(-1.0), rel=0.1)
