"""PPO's clipped objective and how far a policy has moved (Schulman et al. 2017)."""

from __future__ import annotations

import torch
from torch import Tensor


def clipped_loss(log_probs: Tensor, old_log_probs: Tensor, advantages: Tensor, clip_range: float) -> Tensor:
    """Return -mean min(r A, clip(r, 1 - eps, 1 + eps) A), with r = exp(log_probs - old_log_probs); all ``(B,)``."""
    ratio = (log_probs - old_log_probs).exp()
    clipped = ratio.clamp(1.0 - clip_range, 1.0 + clip_range)
    return -torch.minimum(ratio * advantages, clipped * advantages).mean()


def divergence(log_probs: Tensor, old_log_probs: Tensor) -> Tensor:
    """Return KL(old || new) from samples of old: mean (r - 1) - log r, which is never negative (Schulman 2020)."""
    log_ratio = log_probs - old_log_probs
    return (log_ratio.expm1() - log_ratio).mean()


def clipped_share(log_probs: Tensor, old_log_probs: Tensor, clip_range: float) -> Tensor:
    """Return the share of steps whose ratio is outside the clip range."""
    return ((log_probs - old_log_probs).expm1().abs() > clip_range).float().mean()
