"""Settings and evaluations of an experiment on the fake suite of fake_worker.py."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from irevla.config.benchmark.ppo import PpoSettings
from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.config.learner import LearnerSettings
from irevla.config.policy import PolicySettings
from irevla.config.rounds import RoundSettings
from irevla.training.benchmark.results import Evaluation

WORKER = Path(__file__).with_name("fake_worker.py")


@pytest.fixture(scope="session")
def command() -> tuple[str, ...]:
    return (sys.executable, str(WORKER))


@pytest.fixture(scope="session")
def settings() -> BenchmarkSettings:
    return BenchmarkSettings(
        suite="metaworld",
        scale="smoke",
        expert_tasks=("push-expert",),
        rl_tasks=("push-rl",),
        unseen_tasks=("push-unseen",),
        demos_per_task=2,
        lanes=2,
        rl_episodes=8,
        late_share=0.5,
        greedy_episodes=2,
        eval_episodes=3,
        policy=PolicySettings(image_px=16, head_hidden=(16,), device="cpu"),
        rounds=RoundSettings(batch_size=8, stage0_steps=20, stage2_steps=4, save_every=10, shift_px=1, threads=1),
        ppo=PpoSettings(waves=1, epochs=1, minibatch=32, critic_warmup_updates=1),
        learner=LearnerSettings(batch_size=8, updates_per_step=0.1, critic_warmup_updates=2),
    )


@pytest.fixture
def evaluation() -> Callable[..., Evaluation]:
    def make(method: str, task: str, successes: int, n: int = 10, seed: int = 0) -> Evaluation:
        kind = task.removeprefix("push-")
        return Evaluation(method, seed, task, kind, successes, n, env_steps=100, wall_s=1.0)  # type: ignore[arg-type]

    return make
