"""The token learner pools as computed by hand."""

from __future__ import annotations

import math

import torch

from irevla.policies.layers.token_learner import TokenLearner


def test_two_maps_pool_their_own_channels_by_hand() -> None:
    learner = TokenLearner(4, 2)
    with torch.no_grad():
        learner.score.weight.zero_()
        learner.score.bias.zero_()
        learner.score.weight[0, 0] = 1.0  # map 0 scores a token by its channel 0, map 1 scores all alike
    latent = torch.tensor([[[math.log(3.0), 10.0, 1.0, 2.0], [0.0, 20.0, 3.0, 6.0]]])
    pooled = learner(latent)
    # softmax(log 3, 0) = (3/4, 1/4); uniform = (1/2, 1/2)
    expected = torch.tensor([[0.75 * math.log(3.0), 0.75 * 10 + 0.25 * 20, 2.0, 4.0]])
    torch.testing.assert_close(pooled, expected)


def test_the_order_of_tokens_does_not_matter() -> None:
    learner = TokenLearner(8, 4)
    latent = torch.randn(2, 5, 8)
    torch.testing.assert_close(learner(latent), learner(latent[:, [3, 1, 4, 0, 2]]))
