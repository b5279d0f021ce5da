"""Stage 1 in simulation: PPO on whole episodes."""

from __future__ import annotations

from pydantic import Field

from irevla.config.section import Section


class PpoSettings(Section):
    """PPO's numbers (Schulman et al. 2017), for a reward of 0 or 1 at the end of an episode.

    The rates are small because Adam's first step moves each weight by the whole rate: with 3e-4 (head) and 1e-4 (whole
    model) that one step went beyond ``target_kl``, so each update was the step of one noisy minibatch, and some tasks
    fell to no success at all (docs/results.md).
    """

    waves: int = Field(1, ge=1, le=64, description="episodes of every lane before an update")
    epochs: int = Field(4, ge=1, le=64, description="passes over the steps of an update")
    minibatch: int = Field(128, ge=8, le=16384, description="steps a gradient step")
    learning_rate: float = Field(4e-5, gt=0, le=1, description="Adam, the head, the VLM frozen")
    whole_learning_rate: float = Field(2e-5, gt=0, le=1, description="Adam, head and VLM when PPO trains both")
    critic_learning_rate: float = Field(1e-3, gt=0, le=1, description="Adam, the critic head")
    discount: float = Field(0.99, gt=0, le=1, description="gamma a decision")
    gae_lambda: float = Field(0.95, ge=0, le=1, description="lambda of generalized advantage estimation")
    smallest_spread: float = Field(
        0.05, gt=0, le=1, description="advantages are divided by their standard deviation, or by this where it is less"
    )
    clip_range: float = Field(0.2, gt=0, lt=1, description="epsilon of the clipped ratio")
    value_weight: float = Field(0.5, ge=0, description="weight of the critic's loss")
    entropy_weight: float = Field(0.0, ge=0, description="weight of the entropy bonus")
    target_kl: float = Field(0.05, gt=0, description="the policy rests for an update once it is farther away than this")
    gradient_clip: float = Field(0.5, gt=0, description="largest norm of the gradient, policy and critic each")
    critic_warmup_updates: int = Field(3, ge=0, description="updates of the critic alone before the policy may move")
    initial_std: float = Field(0.15, ge=0.01, le=0.6, description="exploration noise at the start, action units")
    gripper_std: float = Field(
        0.3, ge=0.01, le=0.6, description="the same for the gripper, of which only the sign counts"
    )
