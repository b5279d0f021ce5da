"""The exploring policy's distribution: a Gaussian whose samples are clipped to the action box."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

_HALF_LOG_TAU = 0.5 * math.log(2.0 * math.pi)


@dataclass(frozen=True)
class Gaussian:
    """N(mean, diag std^2), clipped to [-1, 1]; ``mean`` is the head's output itself, so nothing shifts at the start.

    ``log_prob`` is the density of the Gaussian before clipping, taken at the executed action; so is ``entropy``.
    A squashed design would move the mode away from the supervised head, whose gripper output sits at the box's edge.
    """

    mean: Tensor
    """``(B, A)`` in [-1, 1]."""
    log_std: Tensor
    """``(A,)`` or ``(B, A)``."""

    def rsample(self, generator: torch.Generator | None = None) -> Tensor:
        """Draw clipped actions ``(B, A)``; gradients reach mean and spread wherever nothing was clipped."""
        noise = torch.randn(self.mean.shape, generator=generator, dtype=self.mean.dtype, device=self.mean.device)
        return self.at(noise).clamp(-1.0, 1.0)

    def at(self, noise: Tensor) -> Tensor:
        """Return mean + std * noise ``(B, A)`` for standard normal ``noise``: the draw before it is clipped."""
        return self.mean + self.log_std.exp() * noise

    def log_prob(self, action: Tensor) -> Tensor:
        """Return the log density ``(B,)`` of actions ``(B, A)``."""
        scaled = (action - self.mean) * (-self.log_std).exp()
        return (-0.5 * scaled.square() - self.log_std - _HALF_LOG_TAU).sum(-1)

    def entropy(self) -> Tensor:
        """Return the differential entropy ``(B,)``."""
        each = (0.5 + _HALF_LOG_TAU + self.log_std).expand_as(self.mean)
        return each.sum(-1)
