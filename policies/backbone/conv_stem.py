"""The compact VLM's patch embedding: a few small convolutions instead of one large patch projection."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn


class ConvStem(nn.Module):
    """Takes the place of the ViT's patch embedding: ``(B, 3, px, px)`` to ``(B, width, px/stride, px/stride)``.

    Early convolutions make a small ViT learn from little data (Xiao et al. 2021, "Early convolutions help transformers
    see better"). ``place`` is added to what the first layer sees: it starts as slopes along both axes, which is what
    coordinate planes (CoordConv, Liu et al. 2018) would add, and lets a token know where it is to the pixel.
    """

    def __init__(self, px: int, channels: tuple[int, ...], width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, channels[0], 3, stride=2, padding=1)
        axis = torch.linspace(-1.0, 1.0, (px + 1) // 2)
        slopes = torch.randn(2, channels[0], 1, 1)
        self.place = nn.Parameter(slopes[0] * axis[None, :, None] + slopes[1] * axis[None, None, :])
        layers: list[nn.Module] = [nn.ReLU()]
        for inputs, outputs in pairwise(channels):
            layers += [nn.Conv2d(inputs, outputs, 3, stride=2, padding=1), nn.ReLU()]
        self.rest = nn.Sequential(*layers, nn.Conv2d(channels[-1], width, 1))
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
                if layer.bias is not None:
                    nn.init.zeros_(layer.bias)

    @property
    def weight(self) -> Tensor:
        """The first kernel: HF's vision embeddings ask their patch embedding for its dtype through this name."""
        weight: Tensor = self.first.weight
        return weight

    def forward(self, pixels: Tensor) -> Tensor:
        """Return the grid of patch embeddings."""
        seen = self.first(pixels.contiguous(memory_format=torch.channels_last))
        output: Tensor = self.rest(seen + self.place)
        return output
