"""The demo: which tasks, how many episodes, how much training."""

from __future__ import annotations

from pydantic import Field

from irevla.config.section import Section


class DemoSettings(Section):
    """Sizes of one run of the main job."""

    expert_tasks: tuple[str, ...] = Field(description="tasks of D_e")
    rl_task: str = Field(description="task learnt online")
    unseen_tasks: tuple[str, ...] = Field(description="tasks only evaluated")
    demos_per_task: int = Field(60, ge=1, description="expert demonstrations a task")
    zero_shot_successes: int = Field(20, ge=1, description="demo buffer: successes of the stage-0 model")
    zero_shot_max_episodes: int = Field(300, ge=1, description="give up collecting them after this many")
    stage0_steps: int = Field(0, ge=0, description="gradient steps of stage 0; 0 takes rounds.stage0_steps")
    stage2_steps: int = Field(0, ge=0, description="gradient steps of stage 2; 0 takes rounds.stage2_steps")
    rl_episodes: int = Field(600, ge=1, description="online episodes of stage 1")
    late_share: float = Field(0.25, gt=0, le=1, description="last share of stage 1 whose successes join D_RL")
    greedy_episodes: int = Field(200, ge=0, description="episodes of stage 1's last policy without noise, for D_RL")
    max_steps: int = Field(40, ge=1, description="policy steps of an episode, at policy_hz")
    eval_episodes: int = Field(50, ge=1, description="evaluation episodes a task and stage")
    rigs: int = Field(2, ge=1, le=8, description="simulated rigs side by side")


class DemoSizes(Section):
    """The full demo and the quick one: same code, smaller numbers."""

    full: DemoSettings
    quick: DemoSettings
