"""The VLA in the lanes without exploration: its mean action for one instruction."""

from __future__ import annotations

import torch
from torch import Tensor

from irevla.policies.base import Floats, Image
from irevla.policies.vla import VLA
from irevla.training.rollout.episode import Decision


class MeanPolicy:
    """An actor; what zero-shot, greedy and evaluation episodes are played with.

    With ``keeps_latents`` each decision keeps its latents, float16 ``(B, m, d)``.
    """

    def __init__(self, vla: VLA, instruction: str, *, keeps_latents: bool = False) -> None:
        self._vla = vla
        self._instruction = instruction
        self._keeps_latents = keeps_latents

    def __call__(self, pictures: Image, states: Floats) -> Decision:
        """Return the mean actions."""
        with torch.no_grad():
            latents = encode(self._vla, pictures, self._instruction)
            means = self._vla.act(latents, torch.from_numpy(states).to(latents.device))
        kept = {"latents": latents.half().cpu().numpy()} if self._keeps_latents else {}
        return Decision(means.cpu().numpy(), kept)


def encode(vla: VLA, pictures: Image, instruction: str) -> Tensor:
    """Return h ``(B, m, d)`` of uint8 pictures ``(B, V, P, P, 3)`` that are all told the same."""
    return vla.encode(torch.from_numpy(pictures).to(vla.device), [instruction] * len(pictures))
