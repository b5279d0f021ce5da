"""D_e of an experiment: the demonstrations of all its expert tasks."""

from __future__ import annotations

from pathlib import Path

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.training.benchmark.jobs.demonstrations import demonstrations_file
from irevla.training.frames import FrameSet
from irevla.training.rollout.episode_file import load_episodes
from irevla.training.rollout.episode_frames import episode_frames
from irevla.training.suites.suite import Suite


def expert_frames(cache: Path, settings: BenchmarkSettings, suite: Suite) -> FrameSet:
    """Return D_e; raises StoreError for a file that is missing or damaged."""
    tasks = [suite.task(name) for name in settings.expert_tasks]
    return episode_frames(
        (task.instruction, load_episodes(demonstrations_file(cache, settings, task))) for task in tasks
    )
