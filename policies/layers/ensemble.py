"""Layers of an ensemble: N independent sets of weights applied in one batched product."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional


class EnsembleLinear(nn.Module):
    """N affine maps; ``(N, B, in)`` to ``(N, B, out)``, each started like ``nn.Linear``."""

    def __init__(self, members: int, inputs: int, outputs: int, gain: float = 1.0) -> None:
        super().__init__()
        self.members = members
        bound = gain / math.sqrt(inputs)
        self.weight = nn.Parameter(torch.empty(members, inputs, outputs).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(members, 1, outputs).uniform_(-bound, bound))

    def forward(self, values: Tensor) -> Tensor:
        """Apply member n to ``values[n]``."""
        return torch.baddbmm(self.bias, values, self.weight)


class EnsembleLayerNorm(nn.Module):
    """N layer norms over the last dimension of ``(N, B, width)``."""

    def __init__(self, members: int, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(members, 1, width))
        self.bias = nn.Parameter(torch.zeros(members, 1, width))

    def forward(self, values: Tensor) -> Tensor:
        """Normalise each row, then scale and shift by the member's own weights."""
        return torch.addcmul(self.bias, functional.layer_norm(values, values.shape[-1:]), self.weight)
