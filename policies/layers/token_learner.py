"""The token learner: h (m x d) to h' (d) by attention pooling, after TokenLearner (Ryoo et al. 2021)."""

from __future__ import annotations

import math

from torch import Tensor, nn

_SCORE_SPREAD = 2.0
"""Standard deviation of a score at the start, for h of unit variance: each map begins by looking at a few tokens."""


class TokenLearner(nn.Module):
    """K attention maps over the m tokens; map k pools channels [k d/K, (k+1) d/K) of h.

    A_k = softmax over tokens of (h w_k + b_k), h'_c = sum_i A_k(c)[i] h[i, c]. With K = 1 this is TokenLearner with
    one output token and a linear attention function; K maps let h' look at several places at once and stay in R^d.
    """

    def __init__(self, width: int, maps: int) -> None:
        super().__init__()
        self.maps = maps
        self.score = nn.Linear(width, maps)
        nn.init.normal_(self.score.weight, std=_SCORE_SPREAD / math.sqrt(width))

    def forward(self, latent: Tensor) -> Tensor:
        """Return h' ``(B, d)`` of latents ``(B, m, d)``."""
        attention: Tensor = self.score(latent).softmax(dim=-2)
        # A product and a sum: many tiny matrix products would take three times as long on a CPU.
        parts = latent.reshape(*latent.shape[:-1], self.maps, -1)
        return (attention.unsqueeze(-1) * parts).sum(-3).flatten(-2)
