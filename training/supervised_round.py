"""Supervised learning of the whole model, eq. 2 (stage 0) and eq. 4 (stage 2): resumable at any saved step.

    J(theta, phi) = E ||pi(o, l) - a||_2^2,   (o, l, a) ~ D_e, or half D_e and half D_RL

AdamW, a one-cycle learning rate, clipped gradients. theta is every VLM weight, or with LoRA its adapters; phi is
the head.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from irevla.config.errors import TrainingError, UserError
from irevla.config.rounds import RoundSettings
from irevla.policies.vla import VLA
from irevla.training.frame_batches import FrameBatch, FrameBatches
from irevla.training.round_spec import RoundProgress
from irevla.training.training_state import load_optimizer, load_state, named, optimizer_tensors, save_state, take

REPORT_EVERY_S = 0.5
WARM_UP_SHARE = 0.15


@dataclass(frozen=True)
class RoundEnd:
    """Where the round stopped: at its last step, or earlier when it was cancelled."""

    step: int
    is_complete: bool
    loss: float
    """Mean over the last hundred steps."""


class SupervisedRound:
    """One round on ``vla``, which is trained in place."""

    def __init__(
        self,
        vla: VLA,
        batches: FrameBatches,
        settings: RoundSettings,
        *,
        steps: int,
        learning_rate: float,
        state_dir: Path,
        identity: str,
        trains_backbone: bool = True,
    ) -> None:
        """Continue from ``state_dir`` if a state of the same ``identity`` is there; ``learning_rate`` is the peak.

        Without ``trains_backbone`` only the head learns (iRe-VLA-freeze). Raises UserError when the state there belongs
        to another round.
        """
        self.vla = vla
        self.settings = settings
        self.steps = steps
        self.step = 0
        self._learning_rate = learning_rate
        self._batches = batches
        self._state_dir = state_dir
        self._identity = identity
        self._recent: deque[float] = deque(maxlen=100)
        self._trains_backbone = trains_backbone
        if trains_backbone:
            vla.unfreeze_backbone()
        else:
            vla.freeze_backbone()
        self._trained = {name: weight for name, weight in vla.named_parameters() if weight.requires_grad}
        self._learnt = [*(vla.backbone_parameters() if trains_backbone else ()), *vla.head_parameters()]
        self._optimizer = torch.optim.AdamW(self._learnt, learning_rate, weight_decay=settings.weight_decay, fused=True)
        self._resume()

    def run(self, report: Callable[[RoundProgress], None], is_cancelled: Callable[[], bool]) -> RoundEnd:
        """Train to the end, or to the step at which ``is_cancelled``; the state is saved either way.

        Raises TrainingError when the loss is no longer finite; the last saved state stays.
        """
        (self.vla if self._trains_backbone else self.vla.head).train()
        first, begun, told = self.step, time.perf_counter(), time.perf_counter()
        while self.step < self.steps and not is_cancelled():
            self._recent.append(self._learn(self._batches[self.step]))
            self.step += 1
            if self.step % self.settings.save_every == 0 and self.step < self.steps:
                self._save()
            now = time.perf_counter()
            if now - told >= REPORT_EVERY_S or self.step == self.steps:
                told = now
                report(self._progress((now - begun) / (self.step - first)))
        self._save()
        self.vla.eval()
        return RoundEnd(self.step, self.step == self.steps, self._loss())

    def _learn(self, batch: FrameBatch) -> float:
        device = self.vla.device
        actions = self.vla(
            torch.from_numpy(batch.pictures).to(device), batch.instructions, torch.from_numpy(batch.states).to(device)
        )
        loss = squared_error(actions, torch.from_numpy(batch.actions).to(device))
        value = loss.item()
        if not math.isfinite(value):
            raise TrainingError(
                f"the loss became {value} at step {self.step} of {self.steps}; the state saved last is kept in "
                f"{self._state_dir}. Start a new round with a lower learning rate: rounds.stage0_learning_rate or "
                "rounds.stage2_learning_rate"
            )
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._learnt, self.settings.gradient_clip)
        for group in self._optimizer.param_groups:
            group["lr"] = one_cycle(self.step, self.steps, self._learning_rate)
        self._optimizer.step()
        return value

    def _progress(self, step_s: float) -> RoundProgress:
        return RoundProgress(
            step=self.step,
            steps=self.steps,
            loss=self._loss(),
            samples_per_s=self.settings.batch_size / step_s,
            eta_s=(self.steps - self.step) * step_s,
        )

    def _loss(self) -> float:
        return sum(self._recent) / len(self._recent) if self._recent else math.nan

    def _save(self) -> None:
        tensors = {
            **named(self._trained.items(), "model."),
            **named(self.vla.head.named_buffers(), "buffer."),
            **optimizer_tensors(self._optimizer, "adam."),
            "rng": torch.get_rng_state(),
        }
        numbers = {"identity": self._identity, "step": self.step, "recent": list(self._recent)}
        save_state(self._state_dir, tensors, numbers)

    def _resume(self) -> None:
        saved = load_state(self._state_dir)
        if saved is None:
            return
        tensors, numbers = saved
        if numbers.get("identity") != self._identity:
            raise UserError(
                f"{self._state_dir} holds a round with other data, settings or seed; resume it with those, "
                "or choose another round id"
            )
        with torch.no_grad():
            for name, value in take(tensors, "model.").items():
                self._trained[name].copy_(value)
            buffers = dict(self.vla.head.named_buffers())
            for name, value in take(tensors, "buffer.").items():
                buffers[name].copy_(value)
        load_optimizer(self._optimizer, tensors, "adam.")
        torch.set_rng_state(tensors["rng"])
        self.step = int(numbers["step"])
        self._recent.extend(numbers["recent"])


def squared_error(actions: Tensor, targets: Tensor) -> Tensor:
    """Return the mean over the batch of ||actions - targets||_2^2; both ``(B, 7)``."""
    return (actions - targets).square().sum(1).mean()


def one_cycle(step: int, steps: int, peak: float) -> float:
    """Return the learning rate of ``step``: up to ``peak`` over the first 15 %, then down a half cosine to zero."""
    warm = max(1.0, WARM_UP_SHARE * steps)
    if step < warm:
        return peak * (step + 1) / (warm + 1)
    return peak * 0.5 * (1.0 + math.cos(math.pi * (step + 1 - warm) / (steps + 1 - warm)))
