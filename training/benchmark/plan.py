"""Which jobs an experiment consists of, and what each waits for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.config.errors import UnknownNameError, UserError
from irevla.training.algorithm1.method import METHODS, find_method
from irevla.training.benchmark.jobs.job_spec import JobSpec
from irevla.training.benchmark.jobs.workload import GRADIENT_STEP, Workload


@dataclass(frozen=True)
class Job:
    """One job of a plan."""

    name: str
    spec: JobSpec
    needs: tuple[str, ...] = ()
    """Jobs that must be done first."""
    after: tuple[str, ...] = ()
    """Jobs that must have ended first, well or not: they take more cores, and would wait for this one's end."""
    weight: float = 1.0
    """How long it takes, roughly, next to the others."""


def check_names(settings: BenchmarkSettings, methods: Sequence[str], known_tasks: Mapping[str, object]) -> None:
    """Raise UnknownNameError, with the nearest name, for a task or method that does not exist."""
    for task in chain.from_iterable(settings.tasks.values()):
        if task not in known_tasks:
            raise UnknownNameError(f"{settings.suite} task", task, known_tasks)
    for method in methods:
        find_method(method)
    if not methods:
        raise UserError(f"expected at least one method, got none; available: {', '.join(METHODS)}")


def plan_jobs(settings: BenchmarkSettings, methods: Sequence[str], seeds: Sequence[int], *, cache: Path) -> list[Job]:
    """Return every job in the order they should begin: demonstrations, stage 0 of each seed, then its methods."""
    jobs = [
        Job(
            f"demonstrations-{task}",
            JobSpec(kind="demonstrations", settings=settings, task=task, cache=cache),
            weight=settings.demos_per_task,
        )
        for task in settings.expert_tasks
    ]
    demonstrations = tuple(job.name for job in jobs)
    for seed in seeds:
        spec = JobSpec(kind="stage0", settings=settings, seed=seed, cache=cache, threads=settings.rounds.threads)
        weight = settings.rounds.stage0_steps * GRADIENT_STEP
        jobs.append(Job(f"stage0-seed{seed}", spec, demonstrations, weight=weight))
    for seed in seeds:
        learnt = (*demonstrations, f"stage0-seed{seed}")
        for method in methods:
            spec = JobSpec(
                kind="method",
                settings=settings,
                method=method,
                seed=seed,
                cache=cache,
                threads=settings.policy.threads,
            )
            found = find_method(method)
            needs, after = (learnt, ()) if found.start == "stage0" else ((), learnt)
            jobs.append(Job(f"{method}-seed{seed}", spec, needs, after, Workload.of(found, settings).whole))
    return jobs
