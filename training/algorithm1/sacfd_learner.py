"""SACfD in PPO's place: off-policy, on the latents of the same lanes, half of each batch zero-shot successes."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from irevla.config.learner import LearnerSettings
from irevla.policies.base import Floats, Image
from irevla.policies.vla import VLA
from irevla.training.replay import LatentBuffer, LatentEpisode, Replay
from irevla.training.rollout.episode import Actor, Decision, Episode
from irevla.training.rollout.episode_file import load_episodes, save_episodes
from irevla.training.rollout.mean_policy import encode
from irevla.training.sacfd import Losses, Sacfd

_NOISE, _ORDER = 0, 1


class SacfdLearner:
    """Trains the VLA's head in place; the VLM is frozen. Sacfd itself works on the CPU, on a copy of the head."""

    waves = 1

    def __init__(
        self,
        vla: VLA,
        instruction: str,
        settings: LearnerSettings,
        demos: Sequence[Episode],
        *,
        seed: int,
        folder: Path,
    ) -> None:
        """Begin with ``demos``, successes that kept their ``latents``; ``folder`` takes what the replay learns online.

        Without any demo, batches are drawn from the online episodes alone.
        """
        vla.eval()
        vla.freeze_backbone()
        self.vla = vla
        self.settings = settings
        self._instruction, self._seed, self._folder = instruction, seed, folder
        self._wave = 0
        self._sacfd = Sacfd(copy.deepcopy(vla.head).cpu(), settings, seed)
        self._give()
        shape, key = vla.head.shape, vla.latent_key()
        rows = max(1, sum(len(demo) for demo in demos))
        demo = LatentBuffer(rows, shape.tokens, shape.width, key)
        for number, episode in enumerate(demos):
            demo.add(_latent_episode(f"demo {number}", episode, key))
        self._online = LatentBuffer(settings.capacity_steps, shape.tokens, shape.width, key)
        self._replay = Replay(demo, self._online) if demos else self._online

    def explorer(self, wave: int) -> Actor:
        """Return the exploring policy for wave number ``wave``, which fixes its noise."""
        rng = np.random.default_rng((self._seed, _NOISE, wave))
        return lambda pictures, states: self._explore(pictures, states, rng)

    def learn(self, episodes: Sequence[Episode]) -> Losses:
        """Take in one wave and do the updates owed for it; raises TrainingError when a loss is not finite."""
        save_episodes(self._file(self._wave), [_without_pictures(episode) for episode in episodes])
        self._take_in(self._wave, episodes)
        rng = np.random.default_rng((self._seed, _ORDER, self._wave))
        steps = sum(len(episode) for episode in episodes)
        owed = round(self.settings.updates_per_step * steps)
        owed += self.settings.critic_warmup_updates if self._wave == 0 else 0
        losses = Losses()
        for _ in range(owed):
            losses = self._sacfd.update(self._replay.sample(self.settings.batch_size, rng))
        self._wave += 1
        self._give()
        return losses

    def tensors(self) -> dict[str, Tensor]:
        """Return all that ``load`` needs beside the folder to go on bit-equal."""
        return {**self._sacfd.tensors(), "wave": torch.tensor(self._wave)}

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Go on from what ``tensors`` returned and the folder holds."""
        self._sacfd.load(tensors)
        self._wave = int(tensors["wave"])
        for wave in range(self._wave):
            self._take_in(wave, load_episodes(self._file(wave)))
        self._give()

    def _explore(self, pictures: Image, states: Floats, rng: np.random.Generator) -> Decision:
        with torch.no_grad():
            latents = encode(self.vla, pictures, self._instruction).half()
            policy = self.vla.head.distribution(latents.float(), torch.from_numpy(states).to(latents.device))
            noise = torch.from_numpy(rng.standard_normal(tuple(policy.mean.shape), dtype=np.float32))
            actions = policy.at(noise.to(latents.device)).clamp(-1.0, 1.0)
        return Decision(actions.cpu().numpy(), {"means": policy.mean.cpu().numpy(), "latents": latents.cpu().numpy()})

    def _take_in(self, wave: int, episodes: Sequence[Episode]) -> None:
        for number, episode in enumerate(episodes):
            self._online.add(_latent_episode(f"{wave}.{number}", episode, self._online.latent_key))

    def _give(self) -> None:
        """Let the VLA act with the head as it is now."""
        self.vla.head.load_state_dict(self._sacfd.head.state_dict())

    def _file(self, wave: int) -> Path:
        return self._folder / f"replay-{wave:05d}.npz"


def _latent_episode(name: str, episode: Episode, latent_key: str) -> LatentEpisode:
    """Return an episode for the replay; a time-out's last step is left out, as nothing was encoded after it."""
    return LatentEpisode(name, episode.extras["latents"], episode.states, episode.actions, latent_key, episode.success)


def _without_pictures(episode: Episode) -> Episode:
    nothing = np.zeros(0, dtype=np.uint8)
    return replace(episode, pictures=np.zeros((len(episode), 0), dtype=np.uint8), final_pictures=nothing)
