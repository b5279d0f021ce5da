"""What a method has to do, and how long that takes, roughly: for bars and ETAs, in episodes that are only played.

The ratios are those of 64-pixel pictures on two cores.
"""

from __future__ import annotations

from dataclasses import dataclass

from irevla.config.benchmark.settings import BenchmarkSettings, TaskKind
from irevla.training.algorithm1.method import Method

GRADIENT_STEP = 1.0
"""Of supervised learning, with 64 samples."""
_HEAD_EPISODE, _WHOLE_EPISODE, _SACFD_EPISODE = 2.0, 4.0, 3.0
"""Played and learnt from: PPO of the head and of the whole model, SACfD's updates on cached latents."""


@dataclass(frozen=True)
class Workload:
    """One method with one seed."""

    online: float
    """Stage 1 of an RL task that is not solved early."""
    supervised: float
    """Stage 2 after an RL task."""
    evaluation: float
    rl_tasks: int

    @classmethod
    def of(cls, method: Method, settings: BenchmarkSettings) -> Workload:
        """Return what ``method`` has to do."""
        return cls(
            online=settings.rl_episodes * _online_episode(method),
            supervised=settings.rounds.stage2_steps * GRADIENT_STEP if method.replay != "none" else 0.0,
            evaluation=float(settings.eval_episodes * len(evaluated_tasks(method, settings))),
            rl_tasks=len(settings.rl_tasks),
        )

    @property
    def task(self) -> float:
        """Both stages of an RL task."""
        return self.online + self.supervised

    @property
    def whole(self) -> float:
        """All RL tasks, then the evaluation."""
        return self.rl_tasks * self.task + self.evaluation


def evaluated_tasks(method: Method, settings: BenchmarkSettings) -> dict[str, TaskKind]:
    """Return the kinds by task; from scratch no instruction but the RL tasks' was ever heard."""
    kinds = {name: kind for kind, tasks in settings.tasks.items() for name in tasks}
    return {name: kind for name, kind in kinds.items() if kind == "rl" or method.start == "stage0"}


def _online_episode(method: Method) -> float:
    if method.learner == "none":
        return 0.0
    if method.learner == "sacfd":
        return _SACFD_EPISODE
    return _WHOLE_EPISODE if method.trains_vlm_in_rl else _HEAD_EPISODE
