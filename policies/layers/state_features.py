"""The observation's state as the heads see it: normalised by the training data's mean and spread."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from irevla.config.errors import UserError
from irevla.policies.base import STATE_DIM

_SMALLEST_SPREAD = 1e-3
_FARTHEST = 5.0


class StateFeatures(nn.Module):
    """(state - mean) / std, cut at five spreads so that an arm outside its data cannot blow a head up."""

    mean: Tensor
    std: Tensor

    def __init__(self, use_state: bool) -> None:
        super().__init__()
        self.use_state = use_state
        self.register_buffer("mean", torch.zeros(STATE_DIM))
        self.register_buffer("std", torch.ones(STATE_DIM))

    def set_statistics(self, mean: Tensor, std: Tensor) -> None:
        """Store mean and spread ``(7,)`` of the training states (units of the state); spreads below 1e-3 are raised."""
        if mean.shape != (STATE_DIM,) or std.shape != (STATE_DIM,):
            raise UserError(
                f"state statistics: expected two ({STATE_DIM},), got {tuple(mean.shape)}, {tuple(std.shape)}"
            )
        if not (torch.isfinite(mean).all() and torch.isfinite(std).all()):
            raise UserError(f"state statistics must be finite, got mean {mean.tolist()}, std {std.tolist()}")
        self.mean.copy_(mean)
        self.std.copy_(std.clamp_min(_SMALLEST_SPREAD))

    def forward(self, state: Tensor) -> Tensor:
        """Return features ``(B, 7)`` of states ``(B, 7)``, or ``(B, 0)`` for a head that sees no state."""
        if not self.use_state:
            return state[..., :0]
        return ((state - self.mean) / self.std).clamp(-_FARTHEST, _FARTHEST)
