"""Stage 1: SACfD in latent space, 50/50 demonstrations and online steps."""

from __future__ import annotations

from pydantic import Field

from irevla.config.section import Section


class LearnerSettings(Section):
    """SACfD's numbers (Vecerik et al. 2017, SAC, RLPD)."""

    batch_size: int = Field(128, ge=2, le=8192, description="transitions an update, half of them demonstrations")
    updates_per_step: float = Field(1.0, gt=0, le=64, description="critic updates per recorded online step (UTD)")
    critic_warmup_updates: int = Field(300, ge=0, description="critic-only updates before the head may move")
    actor_every: int = Field(2, ge=1, le=64, description="critic updates an actor update")
    discount: float = Field(0.96, gt=0, le=1, description="gamma at the policy rate")
    tau: float = Field(0.005, gt=0, le=1, description="target network averaging")
    critics: int = Field(2, ge=2, le=20, description="ensemble size; the target is the minimum over all")
    learning_rate: float = Field(3e-4, gt=0, le=1, description="Adam, heads and critics")
    initial_std: float = Field(0.12, gt=0, le=1, description="exploration noise the head starts with, action units")
    gripper_std: float = Field(0.3, gt=0, le=1, description="the same for the gripper, of which only the sign counts")
    initial_temperature: float = Field(0.0, ge=0, le=1, description="SAC's alpha at the start; 0: no entropy bonus")
    bc_weight: float = Field(2.0, ge=0, description="weight of behaviour cloning on successes")
    q_weight: float = Field(0.5, ge=0, description="weight of the critic in the actor's loss")
    capacity_steps: int = Field(100_000, ge=1000, description="online steps kept")
    threads: int = Field(1, ge=1, le=64, description="torch CPU threads of the learner")
