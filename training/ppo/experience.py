"""What one PPO update learns from: the steps of whole episodes, flat, with their advantages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from irevla.config.benchmark.ppo import PpoSettings
from irevla.training.ppo.gae import advantages, normalised
from irevla.training.rollout.episode import Episode


@dataclass(frozen=True)
class Experience:
    """N steps on the learner's device."""

    seen: Tensor
    """Latents ``(N, m, d)`` where the VLM is frozen or rests, or else pictures uint8 ``(N, V, P, P, 3)``."""
    states: Tensor
    """``(N, 7)``."""
    draws: Tensor
    """``(N, 7)``: the policy's draws before they were clipped to the action box."""
    log_probs: Tensor
    """``(N,)`` of the draws, under the policy that drew them."""
    advantages: Tensor
    """``(N,)``, normalised."""
    returns: Tensor
    """``(N,)``: what the critic should say."""
    explained: float
    """Share of the returns' variance that the critic had foreseen; NaN where they have none."""

    def __len__(self) -> int:
        return len(self.states)

    def rows(self, rng: np.random.Generator, size: int) -> Iterator[Tensor]:
        """Yield the step numbers of one epoch's minibatches, of ``size`` at most and nearly equal."""
        order = rng.permutation(len(self))
        for part in np.array_split(order, -(-len(order) // size)):
            yield torch.from_numpy(part).to(self.states.device)


def gather_experience(
    episodes: Sequence[Episode], final_values: Sequence[float], settings: PpoSettings, device: torch.device
) -> Experience:
    """Return the steps of ``episodes``; ``final_values`` holds V after each one's last step, 0 after a success."""
    gains = [
        advantages(_rewards(episode), episode.extras["values"], final, settings.discount, settings.gae_lambda)
        for episode, final in zip(episodes, final_values, strict=True)
    ]
    gain = np.concatenate(gains)
    returns = gain + _joined(episodes, "values")
    spread = float(returns.var())
    keeps_latents = "latents" in episodes[0].extras

    def tensor(array: NDArray[Any]) -> Tensor:
        return torch.from_numpy(array).to(device)

    return Experience(
        seen=tensor(
            _joined(episodes, "latents") if keeps_latents else np.concatenate([one.pictures for one in episodes])
        ),
        states=tensor(np.concatenate([one.states for one in episodes])),
        draws=tensor(_joined(episodes, "draws")),
        log_probs=tensor(_joined(episodes, "log_probs")),
        advantages=tensor(normalised(gain, settings.smallest_spread)),
        returns=tensor(returns),
        explained=1.0 - float(gain.var()) / spread if spread else float("nan"),
    )


def _rewards(episode: Episode) -> NDArray[np.float32]:
    rewards = np.zeros(len(episode), dtype=np.float32)
    rewards[-1] = float(episode.success)
    return rewards


def _joined(episodes: Sequence[Episode], name: str) -> NDArray[Any]:
    return np.concatenate([episode.extras[name] for episode in episodes])
