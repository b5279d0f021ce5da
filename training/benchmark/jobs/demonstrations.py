"""D_e of one task: the expert's successes, played once for equal settings and kept by content. Needs no torch."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.policies.base import Floats
from irevla.training.benchmark.jobs.job_context import JobContext
from irevla.training.folder_lock import FolderLock
from irevla.training.rollout.demonstrations import demonstrate
from irevla.training.rollout.episode_file import save_episodes
from irevla.training.suites.scene import Expert
from irevla.training.suites.task import SuiteTask
from irevla.training.suites.task_env import TaskEnv

VERSION = 1
"""Grows when suites or experts change so that the same settings give other demonstrations."""
SEED = 0
"""One D_e for every seed, as in the paper: seeds tell methods' luck apart, not data sets'."""
LOCK_TIMEOUT_S = 600.0


def demonstrations_file(cache: Path, settings: BenchmarkSettings, task: SuiteTask) -> Path:
    """Return where a task's demonstrations lie or will lie."""
    decisive = [
        VERSION,
        settings.suite,
        asdict(task),
        settings.demos_per_task,
        settings.demo_noise,
        settings.policy.image_px,
    ]
    key = hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()
    return cache / "demonstrations" / f"{settings.suite}-{task.name}-{key[:16]}.npz"


def record_demonstrations(context: JobContext) -> dict[str, Any]:
    """Play a task's demonstrations unless they are there; raises WorldError for an expert that keeps failing."""
    settings, task = context.spec.settings, context.suite.task(context.spec.task)
    path = demonstrations_file(context.spec.cache, settings, task)
    lock = path.with_suffix(".lock")
    lock.mkdir(parents=True, exist_ok=True)
    with FolderLock(lock, LOCK_TIMEOUT_S):
        if path.exists():
            return {"made": str(path), "note": "were there"}
        env = context.suite.env(task.name, settings.policy.image_px)
        try:
            watched = _WatchedEnv(env, context)
            found = demonstrate(watched, task.name, seed=SEED, count=settings.demos_per_task, noise=settings.demo_noise)
        finally:
            env.close()
        save_episodes(path, found.episodes)
    tries = len(found.episodes) + found.failures
    steps = sum(len(episode) for episode in found.episodes)
    return {"made": str(path), "failures": found.failures, "steps": steps, "note": f"{tries} tries, {steps} steps"}


class _WatchedEnv:
    """The environment under the expert's hands; tells how far it is at each episode."""

    def __init__(self, env: TaskEnv, context: JobContext) -> None:
        self._env = env
        self._context = context
        self._tries = self._successes = 0

    def reset(self, *, seed: int | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
        self._context.check()
        count = self._context.spec.settings.demos_per_task
        self._context.report(self._successes / count, f"{self._successes} of {count} after {self._tries} tries")
        self._tries += 1
        return self._env.reset(seed=seed)

    def step(self, action: Floats) -> tuple[dict[str, Any], float, bool, bool, dict[str, Any]]:
        answer = self._env.step(action)
        self._successes += answer[2]
        return answer

    def expert(self, noise: float) -> Expert:
        return self._env.expert(noise)
