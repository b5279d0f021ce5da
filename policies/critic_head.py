"""The critic head: mirrors the action head with output one; an ensemble of N in one batched call."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from irevla.policies.head_shape import HeadShape
from irevla.policies.layers.ensemble import EnsembleLayerNorm, EnsembleLinear
from irevla.policies.layers.state_features import StateFeatures
from irevla.policies.layers.token_learner import TokenLearner


class CriticHead(nn.Module):
    """Q_n(h, state, action), n = 1..N: one token learner for all, an MLP with layer norm for each.

    N token learners would take most of an update's time and pool the same tokens; the MLPs alone differ enough.
    """

    def __init__(self, shape: HeadShape, members: int) -> None:
        super().__init__()
        self.shape = shape
        self.members = members
        self.token_learner = TokenLearner(shape.width, shape.maps)
        self.state_features = StateFeatures(shape.use_state)
        layers: list[nn.Module] = []
        width = shape.width + shape.state_dim + shape.action_dim
        for hidden in shape.hidden:
            layers += [EnsembleLinear(members, width, hidden), EnsembleLayerNorm(members, hidden), nn.GELU()]
            width = hidden
        # The last layer starts near zero: before any reward, no state is worth more than another.
        self.mlp = nn.Sequential(*layers, EnsembleLinear(members, width, 1, gain=0.01))

    def forward(self, latent: Tensor, state: Tensor, action: Tensor) -> Tensor:
        """Return values ``(N, B)`` of actions ``(B, 7)`` at latents ``(B, m, d)`` and states ``(B, 7)``."""
        pooled = self.token_learner(latent)
        inputs = torch.cat([pooled, self.state_features(state), action], dim=-1)
        output: Tensor = self.mlp(inputs.expand(self.members, -1, -1))
        return output.squeeze(-1)
