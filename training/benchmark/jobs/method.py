"""One method with one seed: Algorithm 1 as the method has it, then every task from the start states all methods get."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any

from irevla.config.errors import StoreError
from irevla.policies.base import Floats, Image
from irevla.policies.checkpoint import load_checkpoint
from irevla.policies.create import device
from irevla.training.algorithm1.algorithm1 import Algorithm1
from irevla.training.algorithm1.method import Method, find_method
from irevla.training.algorithm1.progress import Progress
from irevla.training.benchmark.jobs.expert_data import expert_frames
from irevla.training.benchmark.jobs.job_context import JobContext, StoppedError
from irevla.training.benchmark.jobs.job_folder import JobFolder
from irevla.training.benchmark.jobs.workload import Workload, evaluated_tasks
from irevla.training.benchmark.json_lines import append_line, read_lines
from irevla.training.benchmark.results import Evaluation
from irevla.training.rollout.episode import Decision
from irevla.training.rollout.evaluate import evaluate
from irevla.training.rollout.lanes import Lanes, make_lanes
from irevla.training.rollout.mean_policy import MeanPolicy
from irevla.training.suites.task import SuiteTask


def run_method(context: JobContext) -> dict[str, Any]:
    """Learn and evaluate; raises TrainingError for a NaN loss, its state kept."""
    method = find_method(context.spec.method)
    last, learnt = _learn(context, method)
    rates = _evaluate(context, method, last, learnt if method.start == "random" else {})
    return {"model": str(last), "note": f"success {sum(rates) / len(rates):.2f} over {len(rates)} tasks"}


def _learn(context: JobContext, method: Method) -> tuple[Path, Mapping[str, Path]]:
    """Return the last checkpoint, and the one after each task by the task's name."""
    spec, settings = context.spec, context.spec.settings
    tasks = [context.suite.task(name) for name in settings.rl_tasks]
    order = {task.name: number for number, task in enumerate(tasks)}
    work = Workload.of(method, settings)

    def report(progress: Progress) -> None:
        share = progress.step / progress.steps if progress.steps else 0.0
        done = order[progress.task] * work.task
        done += share * work.online if progress.stage == "rl" else work.online + share * work.supervised
        facts = {
            name: getattr(progress, name) for name in ("task", "stage", "step", "env_steps", "success_rate", "detail")
        }
        note = f"{progress.task} {progress.stage} {progress.step} of {progress.steps}"
        note += f", {progress.detail}" if progress.detail else ""
        if not math.isnan(progress.success_rate):
            note += f", success {progress.success_rate:.2f}"
        context.report(done / work.whole, note, {**facts, "losses": dict(progress.losses)})

    learnt = method.start == "stage0"
    algorithm = Algorithm1(
        method,
        _start(context) if learnt else None,
        expert_frames(spec.cache, settings, context.suite) if learnt else None,
        tasks,
        lambda task: _lanes(context, task),
        settings,
        spec.seed,
        context.folder.state,
    )
    checkpoint = algorithm.run(report, context.is_stopped)
    if checkpoint is None:
        raise StoppedError
    return checkpoint, algorithm.learnt


def _evaluate(context: JobContext, method: Method, last: Path, own: Mapping[str, Path]) -> list[float]:
    """Evaluate the tasks that were not yet with the last model, or with a task's own, as from scratch."""
    spec, settings = context.spec, context.spec.settings
    kinds, work = evaluated_tasks(method, settings), Workload.of(method, settings)
    model = lru_cache(1)(lambda path: load_checkpoint(path).vla.to(device(settings.policy)))
    done = {row["task"]: row for row in read_lines(context.folder.evaluations)}
    for number, name in enumerate(kinds, 1):
        context.check()
        if name in done:
            continue
        task = context.suite.task(name)
        policy = _Counted(MeanPolicy(model(own.get(name, last)), task.instruction))
        begun = time.monotonic()
        with closing(_lanes(context, task)) as lanes:
            rate = evaluate(lanes, policy, seed=spec.seed, task=name, episodes=settings.eval_episodes)
        wall_s = round(time.monotonic() - begun, 2)
        evaluation = Evaluation(
            method.name, spec.seed, name, kinds[name], rate.successes, rate.n, policy.decisions, wall_s
        )
        done[name] = evaluation.as_row()
        append_line(context.folder.evaluations, done[name])
        left = work.evaluation * (1 - number / len(kinds))
        context.report(1 - left / work.whole, f"evaluated {name}: {rate}", {"stage": "evaluation", "task": name})
    return [done[name]["successes"] / done[name]["n"] for name in kinds]


def _lanes(context: JobContext, task: SuiteTask) -> Lanes:
    settings, suite = context.spec.settings, context.suite
    return make_lanes(lambda: suite.env(task.name, settings.policy.image_px), settings.lanes, settings.env_processes)


def _start(context: JobContext) -> Path:
    """Return stage 0's checkpoint of the same seed, whose job lies beside this one."""
    folder = JobFolder(context.folder.path.parent / f"stage0-seed{context.spec.seed}")
    result = folder.result()
    if result is None:
        raise StoreError(f"{folder.path} holds no stage-0 model; irevla bench table1 makes it first")
    return Path(result["made"])


class _Counted:
    """An actor that counts its decisions."""

    def __init__(self, policy: MeanPolicy) -> None:
        self._policy = policy
        self.decisions = 0

    def __call__(self, pictures: Image, states: Floats) -> Decision:
        self.decisions += len(states)
        return self._policy(pictures, states)
