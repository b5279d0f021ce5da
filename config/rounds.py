"""Supervised rounds: stage 0 (eq. 2) and stage 2 (eq. 4)."""

from __future__ import annotations

from pydantic import Field

from irevla.config.remote import RemoteSettings
from irevla.config.section import Section


class RoundSettings(Section):
    """Numbers of one supervised round."""

    batch_size: int = Field(64, ge=1, le=4096, description="samples a gradient step")
    stage0_learning_rate: float = Field(1e-3, gt=0, le=1, description="peak of the one-cycle schedule")
    stage2_learning_rate: float = Field(
        4e-4, gt=0, le=1, description="the same in stage 2, which must not undo stage 1"
    )
    weight_decay: float = Field(1e-4, ge=0, le=1, description="AdamW weight decay")
    gradient_clip: float = Field(1.0, gt=0, description="largest norm of the gradient")
    stage0_steps: int = Field(1500, ge=1, description="gradient steps of stage 0")
    stage2_steps: int = Field(1800, ge=1, description="gradient steps of stage 2")
    online_fraction: float = Field(0.4, gt=0, lt=1, description="share of D_RL in a stage-2 batch; the rest is D_e")
    shift_px: int = Field(
        2, ge=0, le=32, description="largest random shift of a picture, both ways [px of policy.image_px]"
    )
    save_every: int = Field(200, ge=1, description="steps between resumable checkpoints")
    threads: int = Field(2, ge=1, le=64, description="torch CPU threads of the worker")
    remote: RemoteSettings = Field(RemoteSettings(), description="a Ray cluster for rounds that are not run here")
