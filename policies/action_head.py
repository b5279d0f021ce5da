"""The action head (phi): token learner and MLP, from latent and state to an action."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from irevla.config.errors import UserError
from irevla.policies.head_shape import HeadShape
from irevla.policies.layers.gaussian import Gaussian
from irevla.policies.layers.head_mlp import head_mlp
from irevla.policies.layers.state_features import StateFeatures
from irevla.policies.layers.token_learner import TokenLearner

LOG_STD_LOW = math.log(0.01)
LOG_STD_HIGH = math.log(0.6)


class ActionHead(nn.Module):
    """mean = tanh(MLP([h', state])); one set of weights for supervised learning and for RL.

    Supervised stages use ``forward`` (the mean); RL uses ``distribution``, whose mean is that same output, bit for bit,
    and whose spread is a learnt vector that supervised learning leaves alone.
    """

    def __init__(self, shape: HeadShape, initial_std: float = 0.15) -> None:
        super().__init__()
        self.shape = shape
        self.token_learner = TokenLearner(shape.width, shape.maps)
        self.state_features = StateFeatures(shape.use_state)
        self.mlp = head_mlp(shape.width + shape.state_dim, shape.hidden, shape.action_dim)
        self.log_std = nn.Parameter(torch.zeros(shape.action_dim))
        self.set_std(initial_std)

    def set_std(self, std: float, gripper_std: float | None = None) -> None:
        """Start exploration with this spread, action units, 0.01 to 0.6; the gripper's own where it is given."""
        spreads = [std] * (self.shape.action_dim - 1) + [std if gripper_std is None else gripper_std]
        for spread in spreads:
            if not LOG_STD_LOW - 1e-9 <= math.log(max(spread, 1e-9)) <= LOG_STD_HIGH + 1e-9:
                raise UserError(f"exploration std: expected 0.01 to 0.6 in action units, got {spread}")
        with torch.no_grad():
            self.log_std.copy_(torch.tensor(spreads).log())

    def forward(self, latent: Tensor, state: Tensor) -> Tensor:
        """Return actions ``(B, 7)`` in [-1, 1] for latents ``(B, m, d)`` and states ``(B, 7)``."""
        pooled = self.token_learner(latent)
        output: Tensor = self.mlp(torch.cat([pooled, self.state_features(state)], dim=-1))
        return output.tanh()

    def distribution(self, latent: Tensor, state: Tensor) -> Gaussian:
        """Return the exploring policy for latents ``(B, m, d)`` and states ``(B, 7)``."""
        return Gaussian(self(latent, state), self.log_std.clamp(LOG_STD_LOW, LOG_STD_HIGH))
