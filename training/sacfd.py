"""SACfD in latent space: the learning rule of stage 1, one ``update(batch) -> losses``.

After Vecerik et al. (2017) and SAC, with RLPD's lessons (an ensemble of LayerNorm critics, several updates a step) and
what a reward of 0 or 1 at the end of an episode allows to know: no value lies outside [0, 1].

    y       = r + gamma (1 - terminated) clip(min_k Q'_k(h', s', a'), 0, 1),   a' ~ pi(h', s')
    L_Q     = sum_k mean (Q_k(h, s, a) - y)^2
    L_pi    = q_weight mean(-alpha H(pi) - mean_k Q_k(h, s, a~)) + bc_weight mean over successes ||mu(h, s) - a||^2
    L_alpha = alpha (H(pi) - H_target),   H_target = -dim(A) / 2

The last term of L_pi is the anchor: without it the head forgets the SFT policy within thirty episodes. With q_weight 0
it is all there is: the self-imitation control. alpha starts at 0 here, which leaves its terms out: at H_target the
noise would be twice what the arm can use, and the pull towards it undid what had been learnt (docs/results.md). Left
out on purpose: n-step returns and prioritised sampling (Vecerik et al.), and the entropy bonus in the backup (SERL).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from irevla.config.errors import TrainingError
from irevla.config.learner import LearnerSettings
from irevla.policies.action_head import ActionHead
from irevla.policies.base import ACTION_DIM
from irevla.policies.critic_head import CriticHead
from irevla.training.replay import LatentBatch
from irevla.training.training_state import load_optimizer, named, optimizer_tensors, take

TARGET_ENTROPY = -ACTION_DIM / 2


@dataclass(frozen=True)
class Losses:
    """Numbers of one update; the actor's are of the last update that looked at the actor."""

    critic_loss: float = math.nan
    q_mean: float = math.nan
    actor_loss: float = math.nan
    bc_loss: float = math.nan
    entropy: float = math.nan
    temperature: float = math.nan


class Sacfd:
    """The action head, its critics and their optimizers; the head given is trained in place."""

    def __init__(self, head: ActionHead, settings: LearnerSettings, seed: int) -> None:
        """Give ``head`` fresh critics that mirror it and the exploration it starts with; deterministic for ``seed``."""
        self.head = head
        self.settings = settings
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.critic = CriticHead(head.shape, settings.critics)
            self.target = CriticHead(head.shape, settings.critics)
        self.critic.state_features.load_state_dict(head.state_features.state_dict())
        self.target.load_state_dict(self.critic.state_dict())
        self.target.requires_grad_(False)
        head.set_std(settings.initial_std, settings.gripper_std)
        self.updates = 0
        self._rng = torch.Generator().manual_seed(seed)
        self._learns_temperature = settings.initial_temperature > 0
        self._log_temperature = nn.Parameter(torch.tensor(math.log(max(settings.initial_temperature, 1e-8))))
        self._optimizers = {
            "critic": torch.optim.Adam(self.critic.parameters(), settings.learning_rate, fused=True),
            "actor": torch.optim.Adam(head.parameters(), settings.learning_rate, fused=True),
            "temperature": torch.optim.Adam([self._log_temperature], settings.learning_rate, fused=True),
        }
        self._seen = Losses()

    def update(self, batch: LatentBatch) -> Losses:
        """Learn from one batch: the critics always, the head every ``actor_every`` updates once the critics are warm.

        Raises TrainingError when a loss is not finite; the weights then are those before this update.
        """
        latents, states = _tensor(batch.latents), torch.from_numpy(batch.states)
        actions = torch.from_numpy(batch.actions)
        critic_loss, q_mean = self._update_critics(batch, latents, states, actions)
        self.updates += 1
        is_warm = self.updates > self.settings.critic_warmup_updates
        if is_warm and self.updates % self.settings.actor_every == 0:
            self._seen = self._update_actor(latents, states, actions, torch.from_numpy(batch.successful))
        return Losses(**{**vars(self._seen), "critic_loss": critic_loss, "q_mean": q_mean})

    def targets(self, batch: LatentBatch) -> Tensor:
        """Return y ``(B,)`` of the formula above."""
        with torch.no_grad():
            latents, states = _tensor(batch.next_latents), torch.from_numpy(batch.next_states)
            actions = self.head.distribution(latents, states).rsample(self._rng)
            value = self.target(latents, states, actions).amin(0).clamp(0.0, 1.0)
            future = torch.where(torch.from_numpy(batch.terminated), 0.0, value)
            return torch.from_numpy(batch.rewards) + self.settings.discount * future

    def tensors(self) -> dict[str, Tensor]:
        """Return all that ``load`` needs to go on bit-equal."""
        return {
            **named(self.head.state_dict().items(), "head."),
            **named(self.critic.state_dict().items(), "critic."),
            **named(self.target.state_dict().items(), "target."),
            **{
                k: v
                for name, optimizer in self._optimizers.items()
                for k, v in optimizer_tensors(optimizer, f"{name}_adam.").items()
            },
            "log_temperature": self._log_temperature.detach(),
            "rng": self._rng.get_state(),
            "updates": torch.tensor(self.updates),
            "seen": torch.tensor(list(vars(self._seen).values()), dtype=torch.float64),
        }

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Go on from what ``tensors`` returned."""
        self.head.load_state_dict(take(tensors, "head."))
        self.critic.load_state_dict(take(tensors, "critic."))
        self.target.load_state_dict(take(tensors, "target."))
        for name, optimizer in self._optimizers.items():
            load_optimizer(optimizer, tensors, f"{name}_adam.")
        with torch.no_grad():
            self._log_temperature.copy_(tensors["log_temperature"])
        self._rng.set_state(tensors["rng"])
        self.updates = int(tensors["updates"])
        self._seen = Losses(*tensors["seen"].tolist())

    def _update_critics(
        self, batch: LatentBatch, latents: Tensor, states: Tensor, actions: Tensor
    ) -> tuple[float, float]:
        targets = self.targets(batch)
        values = self.critic(latents, states, actions)
        loss = (values - targets).square().mean(1).sum()
        self._step("critic", loss)
        with torch.no_grad():
            torch._foreach_lerp_(list(self.target.parameters()), list(self.critic.parameters()), self.settings.tau)
        return loss.item() / self.critic.members, values.detach().mean().item()

    def _update_actor(self, latents: Tensor, states: Tensor, actions: Tensor, successful: Tensor) -> Losses:
        settings = self.settings
        policy = self.head.distribution(latents, states)
        temperature = self._log_temperature.detach().exp() if self._learns_temperature else torch.tensor(0.0)
        entropy = policy.entropy().mean()
        distance = (policy.mean - actions).square().sum(1)
        share = successful.float()
        imitation = (distance * share).sum() / share.sum().clamp_min(1.0)
        loss = settings.bc_weight * imitation
        if settings.q_weight > 0:
            self.critic.requires_grad_(False)
            value = self.critic(latents, states, policy.rsample(self._rng)).mean()
            self.critic.requires_grad_(True)
            loss = loss - settings.q_weight * (value + temperature * entropy)
        self._step("actor", loss)
        if self._learns_temperature:
            self._step("temperature", self._log_temperature.exp() * (entropy.detach() - TARGET_ENTROPY))
        return Losses(
            actor_loss=loss.item(), bc_loss=imitation.item(), entropy=entropy.item(), temperature=temperature.item()
        )

    def _step(self, which: str, loss: Tensor) -> None:
        if not torch.isfinite(loss):
            raise TrainingError(
                f"{which} loss became {loss.item()} at update {self.updates}; nothing was changed by it. "
                "Lower learner.learning_rate, or look for broken episodes with `irevla episodes verify`"
            )
        optimizer = self._optimizers[which]
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()


def _tensor(latents: object) -> Tensor:
    return torch.from_numpy(latents).float()
