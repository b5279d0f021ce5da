"""What stage 1 asks of PPO or SACfD."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from torch import Tensor

from irevla.training.ppo.ppo import PpoLosses
from irevla.training.rollout.episode import Actor, Episode
from irevla.training.sacfd import Losses


class OnlineLearner(Protocol):
    """Explores one task and learns from it, in place; each wave and update depends on its number and the state only."""

    @property
    def waves(self) -> int:
        """Waves an update."""

    def explorer(self, wave: int) -> Actor:
        """Return the exploring policy for a wave; it keeps ``means`` ``(B, 7)`` beside its actions."""

    def learn(self, episodes: Sequence[Episode]) -> PpoLosses | Losses:
        """Do one update on the episodes of its waves; raises TrainingError when a loss is not finite."""

    def tensors(self) -> dict[str, Tensor]:
        """Return all that ``load`` needs to go on bit-equal."""

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Go on from what ``tensors`` returned."""
