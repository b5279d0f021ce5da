"""How the compact VLA's weights start: every query looks at its own patch, and every layer passes on what it gets.

BLIP-2's own start suits its size and its pretraining: alike queries attend everywhere alike, and what reaches the head
is an average of the picture. A model that has minutes to learn where a block lies cannot afford to find the way through
five blurred layers first. So, before training:

- patches and views have orthogonal codes (one set a head), and query i carries the code of patch i;
- the Q-Former's first cross-attention compares codes, with half of its heads asking about each view, and copies values;
- every residual branch ends in zeros (as in Fixup and ReZero), so each layer begins as the identity.

All of it is only a start: every weight is trained.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from transformers import Blip2ForConditionalGeneration

_SHARPNESS = 1.5
"""Scale of query and key: a query gives its own patch about nine tenths of its attention at the start."""


@torch.no_grad()
def start_compact(vlm: Blip2ForConditionalGeneration, view_embedding: nn.Parameter) -> None:
    """Set the starting weights in place, from torch's random numbers."""
    heads = vlm.config.qformer_config.num_attention_heads
    positions = vlm.vision_model.embeddings.position_embedding
    patches, views = positions.shape[1] - 1, view_embedding.shape[0]
    width = positions.shape[2] // heads
    codes = [_orthogonal(patches + views, width) for _ in range(heads)]
    patch_codes = torch.cat([code[:patches] for code in codes], dim=1)
    view_codes = torch.cat([code[patches:] for code in codes], dim=1)
    positions.zero_()
    positions[0, 1:] = patch_codes
    view_embedding.copy_(view_codes[:, None])
    queries = vlm.query_tokens.shape[1]
    vlm.query_tokens.copy_(patch_codes[torch.arange(queries) * patches // queries])
    asked = torch.cat([code[patches + head * views // heads] for head, code in enumerate(codes)])
    _gather(vlm, asked)
    _identity(vlm.language_projection)
    _silence(vlm)


def _orthogonal(count: int, width: int) -> Tensor:
    """Return ``count`` codes of unit spread, orthogonal as far as ``width`` allows."""
    if count > width:
        return torch.randn(count, width)
    basis: Tensor = torch.linalg.qr(torch.randn(width, width))[0]
    return basis[:count] * math.sqrt(width)


def _gather(vlm: Blip2ForConditionalGeneration, asked: Tensor) -> None:
    """Make the first cross-attention a look-up by code: patch from the query, view from the bias."""
    cross = vlm.qformer.encoder.layer[0].crossattention
    for projection in (cross.attention.query, cross.attention.key):
        _identity(projection)
        projection.weight.mul_(_SHARPNESS)
    cross.attention.query.bias.copy_(asked * _SHARPNESS)
    _identity(cross.attention.value)
    _identity(cross.output.dense)


def _silence(vlm: Blip2ForConditionalGeneration) -> None:
    """Zero the last matrix of every residual branch but the first cross-attention's."""
    branches = [layer.self_attn.projection for layer in vlm.vision_model.encoder.layers]
    branches += [layer.mlp.fc2 for layer in vlm.vision_model.encoder.layers]
    branches += [layer.attention.output.dense for layer in vlm.qformer.encoder.layer]
    branches += [layer.output_query.dense for layer in vlm.qformer.encoder.layer]
    branches += [layer.crossattention.output.dense for layer in vlm.qformer.encoder.layer[1:]]
    branches += [layer.self_attn.out_proj for layer in vlm.language_model.model.decoder.layers]
    branches += [layer.fc2 for layer in vlm.language_model.model.decoder.layers]
    for branch in branches:
        nn.init.zeros_(branch.weight)


def _identity(layer: nn.Linear) -> None:
    nn.init.eye_(layer.weight)
    nn.init.zeros_(layer.bias)
