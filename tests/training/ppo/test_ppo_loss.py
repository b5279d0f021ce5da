"""The clipped objective against numbers worked out by hand."""

from __future__ import annotations

import math

import pytest
import torch

from irevla.training.ppo.ppo_loss import clipped_loss, clipped_share, divergence


@pytest.mark.parametrize(
    ("ratio", "advantage", "objective", "slope"),
    [
        (1.1, 2.0, 2.2, 2.2),  # inside: r A, whose slope in log r is r A
        (0.9, -2.0, -1.8, -1.8),
        (1.5, 2.0, 2.4, 0.0),  # better and already far enough: clipped to 1.2 A, no gradient
        (0.5, -2.0, -1.6, 0.0),  # worse and already far enough: clipped to 0.8 A
        (0.5, 2.0, 1.0, 1.0),  # moved the wrong way: not clipped, so that it can come back
        (1.5, -2.0, -3.0, -3.0),
    ],
)
def test_clipped_loss_by_hand(ratio: float, advantage: float, objective: float, slope: float) -> None:
    old = torch.tensor([-3.0])
    new = (old + math.log(ratio)).requires_grad_()
    loss = clipped_loss(new, old, torch.tensor([advantage]), 0.2)
    loss.backward()  # type: ignore[no-untyped-call]
    assert loss.item() == pytest.approx(-objective, rel=1e-5)
    assert new.grad is not None and new.grad.item() == pytest.approx(-slope, rel=1e-5, abs=1e-7)


def test_the_loss_is_a_mean() -> None:
    old = torch.zeros(2)
    assert clipped_loss(old, old, torch.tensor([1.0, 3.0]), 0.2).item() == -2.0


def test_divergence_by_hand() -> None:
    # (2 - 1) - ln 2 and (0.5 - 1) + ln 2, mean 0.25
    new = torch.tensor([math.log(2.0), -math.log(2.0)])
    assert divergence(new, torch.zeros(2)).item() == pytest.approx(0.25, rel=1e-5)
    assert divergence(new, new).item() == 0.0


def test_clipped_share_counts_both_sides() -> None:
    ratios = torch.tensor([1.0, 1.1, 1.3, 0.7])
    assert clipped_share(ratios.log(), torch.zeros(4), 0.2).item() == 0.5
