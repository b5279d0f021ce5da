"""The action head: one output for supervised learning and RL, states normalised and bounded."""

from __future__ import annotations

import pytest
import torch

from irevla.config.errors import UserError
from irevla.policies.action_head import ActionHead
from irevla.policies.head_shape import HeadShape

SHAPE = HeadShape(tokens=4, width=8, hidden=(16,), maps=4)


def test_the_rl_mean_is_the_supervised_output_bit_for_bit() -> None:
    head, latent, state = ActionHead(SHAPE), torch.randn(5, 4, 8), torch.randn(5, 7)
    assert torch.equal(head.distribution(latent, state).mean, head(latent, state))


def test_actions_stay_in_the_box_for_any_latent_and_state() -> None:
    head = ActionHead(SHAPE)
    action = head(torch.randn(5, 4, 8) * 1e4, torch.randn(5, 7) * 1e6)
    assert action.shape == (5, 7) and action.abs().max() <= 1


def test_the_state_is_normalised_by_hand_and_cut_at_five_spreads() -> None:
    features = ActionHead(SHAPE).state_features
    features.set_statistics(torch.arange(7.0), torch.full((7,), 2.0))
    seen = features(torch.tensor([[0.0, 3.0, 2.0, 3.0, 4.0, 5.0, 100.0]]))
    assert seen.tolist() == [[0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 5.0]]


def test_a_state_that_never_moved_does_not_divide_by_zero() -> None:
    features = ActionHead(SHAPE).state_features
    features.set_statistics(torch.zeros(7), torch.zeros(7))
    assert torch.isfinite(features(torch.full((1, 7), 1e-4))).all()


@pytest.mark.parametrize(("mean", "std"), [((6,), (7,)), ((7,), (1,))])
def test_statistics_of_another_shape_are_refused(mean: tuple[int], std: tuple[int]) -> None:
    with pytest.raises(UserError, match=r"expected two \(7,\)"):
        ActionHead(SHAPE).state_features.set_statistics(torch.zeros(mean), torch.ones(std))


def test_nan_statistics_are_refused() -> None:
    with pytest.raises(UserError, match="must be finite"):
        ActionHead(SHAPE).state_features.set_statistics(torch.full((7,), torch.nan), torch.ones(7))


def test_a_head_without_state_ignores_it() -> None:
    head, latent = ActionHead(HeadShape(4, 8, use_state=False, hidden=(16,), maps=4)), torch.randn(2, 4, 8)
    assert torch.equal(head(latent, torch.zeros(2, 7)), head(latent, torch.ones(2, 7)))


def test_the_exploration_spread_starts_where_it_was_set() -> None:
    head = ActionHead(SHAPE, initial_std=0.2)
    spread = head.distribution(torch.randn(1, 4, 8), torch.randn(1, 7)).log_std.exp()
    torch.testing.assert_close(spread, torch.full((7,), 0.2))
    with pytest.raises(UserError, match=r"expected 0\.01 to 0\.6"):
        head.set_std(2.0)
    head.set_std(0.08, gripper_std=0.3)
    torch.testing.assert_close(head.log_std.exp(), torch.tensor([*[0.08] * 6, 0.3]))
