"""The served policy: one model, asked step by step, changed between steps."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from irevla.config.errors import CheckpointError, StaleLatentError, UserError
from irevla.config.policy import PolicySettings
from irevla.policies.action_head import ActionHead
from irevla.policies.base import STATE_DIM, Floats, Image, Observation
from irevla.policies.checkpoint import load_checkpoint
from irevla.policies.create import device
from irevla.policies.critic_head import CriticHead
from irevla.policies.heads import head_from_bytes
from irevla.policies.vla import VLA

_WARM_UP_CALLS = 2


@dataclass(frozen=True)
class Inference:
    """The answer to one observation."""

    action: Floats
    """``(7,)`` in [-1, 1]: the mean, or a draw around it."""
    mean: Floats
    """``(7,)`` in [-1, 1]."""
    log_prob: float
    """Log density of ``action`` under the exploring Gaussian."""
    q_value: float
    """The least of the critics' estimates for ``action``; NaN without a critic."""
    latent: NDArray[np.float16]
    """h ``(m, d)``, the very values the head was given."""
    latent_key: str
    weights_version: int
    """Version of the head; 0 is the checkpoint's own."""
    model_hash: str
    infer_s: float


@dataclass(frozen=True)
class _Served:
    vla: VLA
    head: ActionHead
    critic: CriticHead | None
    latent_key: str
    model_hash: str
    version: int = 0


class Policy:
    """Serves a checkpoint. Any thread may change the model while another asks it.

    What is served is one frozen value: ``infer`` takes it once and works with it to the end, ``swap_head`` and ``load``
    put another in its place when that is complete and checked. So no answer mixes two models, and nothing waits.
    """

    def __init__(self, folder: Path, settings: PolicySettings, sha256: str = "") -> None:
        """Load the checkpoint at ``folder``; errors as in ``load``."""
        self._settings = settings
        self._served = self._open(folder, sha256)

    @property
    def latent_key(self) -> str:
        """Key of the latents that the running model makes."""
        return self._served.latent_key

    @property
    def model_hash(self) -> str:
        """Hash of the running checkpoint's manifest."""
        return self._served.model_hash

    @property
    def weights_version(self) -> int:
        """Version of the running head; 0 is the checkpoint's own."""
        return self._served.version

    @property
    def views(self) -> tuple[str, ...]:
        """Names of the cameras that an observation must have."""
        return self._served.vla.spec.preprocessing.views

    def infer(self, observation: Observation, explore: bool, generator: torch.Generator | None = None) -> Inference:
        """Answer one observation; ``explore`` draws around the mean with the CPU ``generator``.

        Raises UserError for a missing picture, a state that is not seven finite numbers or a bad instruction.
        """
        began_s = time.perf_counter()
        served = self._served
        _check_state(observation.state)
        vla = served.vla
        pictures = vla.spec.preprocessing.pictures(observation.images)
        with torch.inference_mode():
            latent, state = self._latent(vla, pictures, observation)
            # The head is asked on the CPU and about the rounded latent: exactly what the learner will recompute.
            distribution = served.head.distribution(latent.float(), state)
            action = distribution.rsample(generator) if explore else distribution.mean
            log_prob = float(distribution.log_prob(action))
            q_value = math.nan
            if served.critic is not None:
                q_value = float(served.critic(latent.float(), state, action).min())
        return Inference(
            action=action[0].numpy(),
            mean=distribution.mean[0].numpy(),
            log_prob=log_prob,
            q_value=q_value,
            latent=latent[0].numpy(),
            latent_key=served.latent_key,
            weights_version=served.version,
            model_hash=served.model_hash,
            infer_s=time.perf_counter() - began_s,
        )

    def encode(self, images: Mapping[str, Image], instruction: str) -> NDArray[np.float16]:
        """Return the latent ``(m, d)`` of stored pictures, for re-encoding after the backbone changed."""
        vla = self._served.vla
        with torch.inference_mode():
            pictures = torch.from_numpy(vla.spec.preprocessing.pictures(images))[None]
            latent: NDArray[np.float16] = vla.encode(pictures.to(vla.device), [instruction])[0].half().cpu().numpy()
        return latent

    def swap_head(self, data: bytes, version: int, latent_key: str, sha256: str = "") -> None:
        """Use another head (``head_to_bytes``) from the next ``infer`` on; the running one stays if this one is bad.

        Raises StaleLatentError if it was learnt on another backbone's latents, CheckpointError if the bytes are torn or
        of another shape, UserError if ``version`` does not grow.
        """
        served = self._served
        if latent_key != served.latent_key:
            raise StaleLatentError(
                f"head version {version}: expected latents of key {served.latent_key[:16]}…, "
                f"got a head for {latent_key[:16]}…; start the task again on the running model"
            )
        if version <= served.version:
            raise UserError(f"head: expected a version above {served.version}, got {version}")
        got = hashlib.sha256(data).hexdigest()
        if sha256 and sha256 != got:
            raise CheckpointError(f"head version {version}: expected sha256 {sha256[:16]}…, got {got[:16]}…")
        heads = head_from_bytes(data, served.vla.spec.head)
        critic = heads.critic.eval() if heads.critic is not None else None
        self._served = replace(served, head=heads.action.eval(), critic=critic, version=version)

    def load(self, folder: Path, sha256: str = "") -> None:
        """Serve another checkpoint from the next ``infer`` on.

        Raises CheckpointError if it is bad; the running one then stays.
        """
        self._served = self._open(folder, sha256)

    def _open(self, folder: Path, sha256: str) -> _Served:
        checkpoint = load_checkpoint(folder, sha256)
        vla = checkpoint.vla
        if vla.spec.prompt.max_chars != self._settings.max_instruction_chars:
            vla.instructions.prompt = replace(vla.spec.prompt, max_chars=self._settings.max_instruction_chars)
        vla.vlm.to(device(self._settings))
        vla.view_embedding.data = vla.view_embedding.data.to(device(self._settings))
        served = _Served(vla, vla.head, checkpoint.critic, checkpoint.manifest.latent_key, checkpoint.model_hash)
        self._warm_up(served)
        return served

    def _latent(self, vla: VLA, pictures: Image, observation: Observation) -> tuple[Tensor, Tensor]:
        seen = torch.from_numpy(pictures)[None].to(vla.device)
        latent = vla.encode(seen, [observation.instruction]).half().cpu()
        return latent, torch.from_numpy(np.asarray(observation.state, dtype=np.float32))[None]

    def _warm_up(self, served: _Served) -> None:
        """Let torch choose its kernels before an arm waits, and see that the model answers with numbers."""
        side = served.vla.spec.preprocessing.image_px
        grey = {view: np.full((side, side, 3), 128, np.uint8) for view in served.vla.spec.preprocessing.views}
        observation = Observation(grey, np.zeros(STATE_DIM, np.float32), "move")
        for _ in range(_WARM_UP_CALLS):
            with torch.inference_mode():
                latent, state = self._latent(served.vla, served.vla.spec.preprocessing.pictures(grey), observation)
                if not bool(torch.isfinite(served.head(latent.float(), state)).all()):
                    raise CheckpointError(f"model {served.model_hash[:16]}…: expected finite actions, got NaN")


def _check_state(state: Floats) -> None:
    if state.shape != (STATE_DIM,) or not np.isfinite(state).all():
        raise UserError(f"observation: expected a state of {STATE_DIM} finite numbers, got {state.shape}: {state}")
