"""The value head of PPO: mirrors the action head with output one (paper, IV-B)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from irevla.policies.head_shape import HeadShape
from irevla.policies.layers.head_mlp import head_mlp
from irevla.policies.layers.state_features import StateFeatures
from irevla.policies.layers.token_learner import TokenLearner


class ValueHead(nn.Module):
    """V(h, state) = MLP([h', state]), with a token learner of its own."""

    def __init__(self, shape: HeadShape) -> None:
        super().__init__()
        self.shape = shape
        self.token_learner = TokenLearner(shape.width, shape.maps)
        self.state_features = StateFeatures(shape.use_state)
        # Near zero at the start: before any reward, no state is worth more than another.
        self.mlp = head_mlp(shape.width + shape.state_dim, shape.hidden, 1)

    def forward(self, latent: Tensor, state: Tensor) -> Tensor:
        """Return values ``(B,)`` of latents ``(B, m, d)`` and states ``(B, 7)``."""
        pooled = self.token_learner(latent)
        output: Tensor = self.mlp(torch.cat([pooled, self.state_features(state)], dim=-1))
        return output.squeeze(-1)
