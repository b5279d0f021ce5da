"""One experiment's sizes: a suite at a scale."""

from __future__ import annotations

import hashlib
import json
from typing import Literal

from pydantic import Field

from irevla.config.benchmark.ppo import PpoSettings
from irevla.config.learner import LearnerSettings
from irevla.config.policy import PolicySettings
from irevla.config.rounds import RoundSettings
from irevla.config.section import Section

TaskKind = Literal["expert", "rl", "unseen"]


class BenchmarkSettings(Section):
    """Everything that decides an experiment's numbers, apart from the seed and the method."""

    suite: Literal["metaworld", "kitchen"] = Field(description="which benchmark of the paper")
    scale: str = Field(description="smoke, small or paper")
    expert_tasks: tuple[str, ...] = Field(description="tasks of D_e")
    rl_tasks: tuple[str, ...] = Field(description="tasks learnt online, in this order")
    unseen_tasks: tuple[str, ...] = Field(description="tasks only evaluated")
    demos_per_task: int = Field(ge=1, description="successful expert demonstrations a task")
    demo_noise: float = Field(0.15, ge=0, le=1, description="noise of the scripted experts, action units")
    lanes: int = Field(16, ge=1, le=1024, description="environments that step together")
    env_processes: int = Field(0, ge=0, le=256, description="processes the lanes are spread over; 0: the learner's own")
    rl_episodes: int = Field(ge=1, description="online episodes of stage 1, a task")
    solved_rate: float = Field(
        0.95, gt=0, le=1, description="stage 1 ends early once this share of its last solved_episodes succeeded"
    )
    solved_episodes: int = Field(64, ge=1, description="exploring episodes by which solved_rate is judged")
    late_share: float = Field(0.25, gt=0, le=1, description="last share of stage 1 whose successes join D_RL")
    greedy_episodes: int = Field(ge=0, description="episodes of stage 1's last policy without noise, for D_RL")
    eval_episodes: int = Field(ge=1, description="evaluation episodes a task, the same start states for every method")
    policy: PolicySettings = PolicySettings()
    rounds: RoundSettings = RoundSettings()
    ppo: PpoSettings = PpoSettings()
    learner: LearnerSettings = LearnerSettings()

    @property
    def tasks(self) -> dict[TaskKind, tuple[str, ...]]:
        """The tasks by kind, in the order they are told in."""
        return {"expert": self.expert_tasks, "rl": self.rl_tasks, "unseen": self.unseen_tasks}

    def hash(self) -> str:
        """Return the sha256 of the settings, equal for equal values."""
        return hashlib.sha256(json.dumps(self.model_dump(mode="json"), sort_keys=True).encode()).hexdigest()
