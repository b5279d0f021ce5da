"""A benchmark of points and marks that Algorithm 1 runs through in a second."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from irevla.config.benchmark.ppo import PpoSettings
from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.config.learner import LearnerSettings
from irevla.config.policy import PolicySettings
from irevla.config.rounds import RoundSettings
from irevla.policies.checkpoint import load_checkpoint
from irevla.training.algorithm1.progress import Progress
from irevla.training.rollout.lanes import Lanes, make_lanes
from irevla.training.suites.task import SuiteTask
from point_env import PointEnv

POLICY = PolicySettings(image_px=16, head_hidden=(16,), device="cpu")
EXPERT = "go to the red mark"
TASKS = (
    SuiteTask("near-new", "rl", "near", "go near the mark"),
    SuiteTask("far-new", "rl", "far", "stay near the mark"),
)
SETTINGS = BenchmarkSettings(
    suite="metaworld",
    scale="smoke",
    expert_tasks=("reach",),
    rl_tasks=tuple(task.name for task in TASKS),
    unseen_tasks=(),
    demos_per_task=3,
    lanes=4,
    rl_episodes=12,
    late_share=0.5,
    greedy_episodes=4,
    eval_episodes=4,
    policy=POLICY,
    rounds=RoundSettings(batch_size=8, stage2_steps=7, save_every=3, shift_px=1),
    ppo=PpoSettings(waves=1, epochs=2, minibatch=16, critic_warmup_updates=1, learning_rate=1e-3),
    learner=LearnerSettings(batch_size=8, updates_per_step=0.2, critic_warmup_updates=4),
)


def easy_lanes(task: SuiteTask) -> Lanes:
    """About half of the episodes succeed, whatever the policy does."""
    return make_lanes(lambda: PointEnv(reach=0.7), SETTINGS.lanes)


def hopeless_lanes(task: SuiteTask) -> Lanes:
    return make_lanes(lambda: PointEnv(mark=(5.0, 5.0)), SETTINGS.lanes)


def weights(checkpoint: Path) -> dict[str, Tensor]:
    return dict(load_checkpoint(checkpoint).vla.state_dict())


def equal(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def ignore(progress: Progress) -> None:
    pass


def never() -> bool:
    return False
