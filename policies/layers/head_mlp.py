"""The MLP that ends the action head and the value head that mirrors it."""

from __future__ import annotations

import torch
from torch import nn


def head_mlp(inputs: int, hidden: tuple[int, ...], outputs: int) -> nn.Sequential:
    """Return Linear, LayerNorm and GELU for each hidden width, and a last layer that starts near zero."""
    layers: list[nn.Module] = []
    for units in hidden:
        layers += [nn.Linear(inputs, units), nn.LayerNorm(units), nn.GELU()]
        inputs = units
    last = nn.Linear(inputs, outputs)
    with torch.no_grad():
        last.weight.mul_(0.1)
        last.bias.zero_()
    return nn.Sequential(*layers, last)
