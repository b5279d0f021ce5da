"""PPO on whole episodes: the action head alone (stage 1 of iRe-VLA), or the whole model (what the paper compares with).

    L = -E min(r A, clip(r) A) - entropy_weight H + value_weight E (V - R)^2

Draws are kept unclipped, and r is the ratio of their densities: the box clips what the arm does, as any environment
might, and the gradient stays that of the policy which drew. At the clipped action it would be another policy's,
and wrong most of all for the gripper, whose mean sits at the edge of the box. There tanh is flat, so the gripper learns
slowly; what PPO moves is the motion.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from irevla.config.benchmark.ppo import PpoSettings
from irevla.config.errors import TrainingError
from irevla.policies.base import Floats, Image
from irevla.policies.value_head import ValueHead
from irevla.policies.vla import VLA
from irevla.training.ppo.experience import Experience, gather_experience
from irevla.training.ppo.ppo_loss import clipped_loss, clipped_share, divergence
from irevla.training.rollout.episode import Actor, Decision, Episode
from irevla.training.rollout.mean_policy import encode
from irevla.training.training_state import load_optimizer, named, optimizer_tensors, take

_NOISE, _ORDER, _ENCODE_AT_ONCE = 0, 1, 256


@dataclass(frozen=True)
class PpoLosses:
    """Means over one update's minibatches; of the policy only while it moved."""

    policy_loss: float = math.nan
    value_loss: float = math.nan
    entropy: float = math.nan
    divergence: float = math.nan
    """KL from the policy that drew, at the last minibatch before the policy rested."""
    clipped_share: float = math.nan
    explained: float = math.nan
    """Share of the returns' variance that the critic had foreseen."""
    policy_steps: int = 0
    """Gradient steps of the policy."""


class Ppo:
    """A VLA that is trained in place on one task, with a critic head made for that task."""

    def __init__(self, vla: VLA, instruction: str, settings: PpoSettings, *, trains_vlm: bool, seed: int) -> None:
        """Give the VLA's head the exploration it starts with, and a fresh critic; deterministic for ``seed``."""
        self.vla = vla
        self.settings = settings
        self.waves = settings.waves
        self.updates = 0
        self._instruction = instruction
        self._trains_vlm = trains_vlm
        self._seed = seed
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.critic = ValueHead(vla.head.shape).to(vla.device)
        self.critic.state_features.load_state_dict(vla.head.state_features.state_dict())
        vla.eval()  # with dropout, a policy would differ from itself
        vla.head.set_std(settings.initial_std, settings.gripper_std)
        if trains_vlm:
            vla.unfreeze_backbone()
        else:
            vla.freeze_backbone()
        self._moved = [*vla.head_parameters(), *(vla.backbone_parameters() if trains_vlm else ())]
        rate = settings.whole_learning_rate if trains_vlm else settings.learning_rate
        self._optimizers = {
            "policy": torch.optim.Adam(self._moved, rate, fused=True),
            "critic": torch.optim.Adam(self.critic.parameters(), settings.critic_learning_rate, fused=True),
        }

    # -- acting -----------------------------------------------------------------------------------------------------

    def explorer(self, wave: int) -> Actor:
        """Return the exploring policy for wave number ``wave``, which fixes its noise."""
        rng = np.random.default_rng((self._seed, _NOISE, wave))
        return lambda pictures, states: self._explore(pictures, states, rng)

    def _explore(self, pictures: Image, states: Floats, rng: np.random.Generator) -> Decision:
        with torch.no_grad():
            latents = self._encode(pictures)
            state = torch.from_numpy(states).to(latents.device)
            policy = self.vla.head.distribution(latents, state)
            noise = rng.standard_normal(tuple(policy.mean.shape), dtype=np.float32)
            draws = policy.at(torch.from_numpy(noise).to(latents.device))
            kept = {
                "means": policy.mean,
                "draws": draws,
                "log_probs": policy.log_prob(draws),
                "values": self._value(latents, state),
            }
        if not self._trains_vlm:
            kept["latents"] = latents.half()
        return Decision(draws.clamp(-1.0, 1.0).cpu().numpy(), {name: kept[name].cpu().numpy() for name in kept})

    def _encode(self, pictures: Image) -> Tensor:
        """Return h, of a frozen VLM as it is kept for every epoch: an observation is encoded once, and rounded once."""
        latents = encode(self.vla, pictures, self._instruction)
        return latents if self._trains_vlm else latents.half().float()

    def _value(self, latents: Tensor, states: Tensor) -> Tensor:
        """Return V for the advantages; a reward of 0 or 1 at the end allows no value outside [0, 1]."""
        value: Tensor = self.critic(latents, states)
        return value.clamp(0.0, 1.0)

    # -- learning ---------------------------------------------------------------------------------------------------

    def learn(self, episodes: Sequence[Episode]) -> PpoLosses:
        """Do one update on episodes of ``explorer``.

        The policy rests through the critic's first updates, and for the rest of an update once it has moved by
        ``target_kl``; the critic learns on. Raises TrainingError when a loss is not finite.
        """
        experience = gather_experience(episodes, self._final_values(episodes), self.settings, self.vla.device)
        rng = np.random.default_rng((self._seed, _ORDER, self.updates))
        may_move = self.updates >= self.settings.critic_warmup_updates
        told: list[PpoLosses] = []
        for _ in range(self.settings.epochs):
            for rows in experience.rows(rng, self.settings.minibatch):
                if not may_move:
                    experience = self._encoded(experience)
                losses = self._minibatch(experience, rows, may_move=may_move)
                may_move = may_move and losses.policy_steps == 1
                told.append(losses)
        self.updates += 1
        return _mean(told, experience.explained)

    def _final_values(self, episodes: Sequence[Episode]) -> list[float]:
        """Return V of each episode's last observation, 0 after a success: there nothing follows."""
        failed = [number for number, episode in enumerate(episodes) if not episode.success]
        values = [0.0] * len(episodes)
        for first in range(0, len(failed), _ENCODE_AT_ONCE):
            some = failed[first : first + _ENCODE_AT_ONCE]
            pictures = np.stack([episodes[number].final_pictures for number in some])
            states = np.stack([episodes[number].final_state for number in some])
            with torch.no_grad():
                latents = self._encode(pictures)
                found = self._value(latents, torch.from_numpy(states).to(latents.device)).tolist()
            for number, value in zip(some, found, strict=True):
                values[number] = value
        return values

    def _minibatch(self, experience: Experience, rows: Tensor, *, may_move: bool) -> PpoLosses:
        settings, states = self.settings, experience.states[rows]
        with torch.set_grad_enabled(may_move):
            latents = self._latents(experience.seen[rows])
            policy = self.vla.head.distribution(latents, states)
            log_probs, old = policy.log_prob(experience.draws[rows]), experience.log_probs[rows]
        distance = divergence(log_probs.detach(), old).item()
        moves = may_move and distance <= settings.target_kl
        policy_loss = clipped_loss(log_probs, old, experience.advantages[rows], settings.clip_range)
        entropy = policy.entropy().mean()
        value_loss = (self.critic(latents, states) - experience.returns[rows]).square().mean()
        loss = settings.value_weight * value_loss
        if moves:
            loss = loss + policy_loss - settings.entropy_weight * entropy
        self._check(loss.item(), distance)
        self._step(loss, moves=moves)
        return PpoLosses(
            policy_loss=policy_loss.item(),
            value_loss=value_loss.item(),
            entropy=entropy.item(),
            divergence=distance,
            clipped_share=clipped_share(log_probs.detach(), old, settings.clip_range).item(),
            policy_steps=int(moves),
        )

    def _latents(self, seen: Tensor) -> Tensor:
        if seen.dtype != torch.uint8:
            return seen.float()
        return self.vla.encode(seen, [self._instruction] * len(seen))

    def _encoded(self, experience: Experience) -> Experience:
        """Return it with latents in place of pictures: while the policy rests, no VLM weight moves either."""
        if experience.seen.dtype != torch.uint8:
            return experience
        with torch.no_grad():
            latents = torch.cat([self._latents(part) for part in torch.split(experience.seen, _ENCODE_AT_ONCE)])
        return replace(experience, seen=latents)

    def _check(self, loss: float, distance: float) -> None:
        if not math.isfinite(loss) or math.isnan(distance):  # a policy that is far away rests; one that is NaN is lost
            raise TrainingError(
                f"PPO's loss became {loss}, the policy's distance {distance}, in update {self.updates}; the state "
                "saved last is kept. Start anew with a lower ppo.learning_rate (ppo.whole_learning_rate for the whole "
                "model) or ppo.critic_learning_rate"
            )

    def _step(self, loss: Tensor, *, moves: bool) -> None:
        for optimizer in self._optimizers.values():
            optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self._apply("critic", self.critic.parameters())
        if moves:
            self._apply("policy", self._moved)

    def _apply(self, which: str, weights: object) -> None:
        nn.utils.clip_grad_norm_(weights, self.settings.gradient_clip)  # type: ignore[arg-type]
        self._optimizers[which].step()

    # -- going on ---------------------------------------------------------------------------------------------------

    def tensors(self) -> dict[str, Tensor]:
        """Return all that ``load`` needs to go on bit-equal."""
        return {
            **named(self.vla.head.state_dict().items(), "head."),
            **named(self._vlm_weights().items(), "vlm."),
            **named(self.critic.state_dict().items(), "critic."),
            **{
                name: value
                for which, optimizer in self._optimizers.items()
                for name, value in optimizer_tensors(optimizer, f"{which}_adam.").items()
            },
            "updates": torch.tensor(self.updates),
        }

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Go on from what ``tensors`` returned."""
        self.vla.head.load_state_dict(take(tensors, "head."))
        self.critic.load_state_dict(take(tensors, "critic."))
        weights = self._vlm_weights()
        with torch.no_grad():
            for name, value in take(tensors, "vlm.").items():
                weights[name].copy_(value)
        for which, optimizer in self._optimizers.items():
            load_optimizer(optimizer, tensors, f"{which}_adam.")
        self.updates = int(tensors["updates"])

    def _vlm_weights(self) -> dict[str, Tensor]:
        if not self._trains_vlm:
            return {}
        return {
            name: weight
            for name, weight in self.vla.named_parameters()
            if weight.requires_grad and not name.startswith("head.")
        }


def _mean(told: Sequence[PpoLosses], explained: float) -> PpoLosses:
    moved = [losses for losses in told if losses.policy_steps]

    def mean(name: str, of: Sequence[PpoLosses]) -> float:
        return float(np.mean([getattr(losses, name) for losses in of])) if of else math.nan

    return PpoLosses(
        policy_loss=mean("policy_loss", moved),
        value_loss=mean("value_loss", told),
        entropy=mean("entropy", told),
        divergence=moved[-1].divergence if moved else math.nan,
        clipped_share=mean("clipped_share", moved),
        explained=explained,
        policy_steps=len(moved),
    )
