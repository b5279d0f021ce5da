"""PPO of the head as one would write it first: the frozen VLM runs again for every minibatch of every epoch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from irevla.config.benchmark.ppo import PpoSettings
from irevla.policies.base import Floats, Image
from irevla.policies.value_head import ValueHead
from irevla.policies.vla import VLA
from irevla.training.ppo.gae import advantages
from irevla.training.ppo.ppo_loss import clipped_loss
from irevla.training.rollout.episode import Decision, Episode


class NaivePpo:
    """Only there to be measured."""

    def __init__(self, vla: VLA, instruction: str, settings: PpoSettings) -> None:
        vla.freeze_backbone()
        self._vla = vla
        self._instruction = instruction
        self._settings = settings
        self._critic = ValueHead(vla.head.shape).to(vla.device)
        self._optimizer = torch.optim.Adam([*vla.head_parameters(), *self._critic.parameters()], settings.learning_rate)

    def act(self, pictures: Image, states: Floats) -> Decision:
        """Return draws of the exploring policy."""
        with torch.no_grad():
            latents = self._encode(pictures)
            state = torch.from_numpy(states).to(latents.device)
            policy = self._vla.head.distribution(latents, state)
            actions = policy.rsample()
            kept = {"log_probs": policy.log_prob(actions), "values": self._critic(latents, state)}
        return Decision(actions.cpu().numpy(), {name: value.cpu().numpy() for name, value in kept.items()})

    def learn(self, episodes: Sequence[Episode]) -> None:
        """Do one update of as many epochs as the settings have."""
        settings, device = self._settings, self._vla.device
        gains = np.concatenate([self._gain(episode) for episode in episodes])
        values, old = (np.concatenate([one.extras[name] for one in episodes]) for name in ("values", "log_probs"))
        pictures, states, actions = (
            np.concatenate([getattr(one, name) for one in episodes]) for name in ("pictures", "states", "actions")
        )
        tensors = [torch.from_numpy(array).to(device) for array in (states, actions, old, gains, gains + values)]
        for _ in range(settings.epochs):
            order = np.random.default_rng(0).permutation(len(states))
            for rows in np.array_split(order, -(-len(order) // settings.minibatch)):
                state, action, old_log_prob, gain, target = (tensor[rows] for tensor in tensors)
                latents = self._encode(pictures[rows])
                log_prob = self._vla.head.distribution(latents, state).log_prob(action)
                loss = clipped_loss(log_prob, old_log_prob, gain, settings.clip_range)
                loss = loss + settings.value_weight * (self._critic(latents, state) - target).square().mean()
                self._optimizer.zero_grad()
                loss.backward()
                self._optimizer.step()

    def _gain(self, episode: Episode) -> Floats:
        rewards = np.zeros(len(episode), np.float32)
        rewards[-1] = float(episode.success)
        return advantages(rewards, episode.extras["values"], 0.0, self._settings.discount, self._settings.gae_lambda)

    def _encode(self, pictures: Image) -> torch.Tensor:
        with torch.no_grad():
            return self._vla.encode(
                torch.from_numpy(pictures).to(self._vla.device), [self._instruction] * len(pictures)
            )
