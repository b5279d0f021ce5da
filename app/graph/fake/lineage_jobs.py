"""Made-up jobs on a made-up lineage: a supervised round and a comparison, each of a few seconds."""

from __future__ import annotations

import math
import random

from irevla.app.graph.bridge import CompareProgress, JobEnd, Progress, TrainProgress
from irevla.app.graph.fake.lineage import FOLDER, FakeLineage
from irevla.app.graph.fake_bridge import FakeJob
from irevla.app.graph.records import Evaluation
from irevla.app.graph.requests import CompareModels, Job, TrainRound

USUAL_STEPS = 1800
STEPS_PER_S = 150.0
SAVE_EVERY = 200
BATCH = 64
EPISODE_S = 0.5


class FakeLineageJobs:
    """Starts rounds and comparisons, one of a kind at a time; a cancelled round goes on under its name."""

    def __init__(self, lineage: FakeLineage, seed: int = 0) -> None:
        self._lineage, self._seed = lineage, seed
        self._saved: dict[str, int] = {}  # step that each unfinished round goes on from

    def start(self, job: Job, now_s: float) -> FakeJob | None:
        """See JobMaker."""
        if isinstance(job, TrainRound):
            return _Round(job, now_s, self._saved, self._lineage)
        return _Comparison(job, now_s, self._lineage, random.Random(f"{self._seed} {job}"))


class _Round:
    def __init__(self, job: TrainRound, now_s: float, saved: dict[str, int], lineage: FakeLineage) -> None:
        self._job, self._began_s, self._saved, self._lineage = job, now_s, saved, lineage
        self._first = saved.get(job.round_id, 0)
        self._steps = job.steps or USUAL_STEPS
        self._told = -1
        self._random = random.Random(f"{job.round_id} {job.seed}")
        self._note("")

    def progress(self, now_s: float, is_cancelled: bool) -> Progress | JobEnd | None:
        step = min(self._steps, self._first + int((now_s - self._began_s) * STEPS_PER_S))
        if is_cancelled:
            kept = self._saved[self._job.round_id] = step // SAVE_EVERY * SAVE_EVERY
            return JobEnd(False, f"cancelled at step {kept}; the same round_id goes on from there", is_cancelled=True)
        if step >= self._steps:
            return self._end(now_s)
        if step // 10 == self._told // 10:
            return None
        self._told = step
        loss = 0.02 + 0.3 * math.exp(-4.0 * step / self._steps) * self._random.uniform(0.9, 1.1)
        return TrainProgress(step, self._steps, loss, STEPS_PER_S * BATCH, (self._steps - step) / STEPS_PER_S)

    def _end(self, now_s: float) -> JobEnd:
        parent = next((model for model in self._lineage.models if model.path == self._job.parent), None)
        made = self._lineage.add_model(
            f"{FOLDER}/{self._job.round_id}",
            "" if parent is None else parent.model_hash,
            self._job.stage,
            self._job.round_id,
        )
        self._note(made.model_hash)
        return JobEnd(True, path=made.path, model_hash=made.model_hash, wall_s=now_s - self._began_s)

    def _note(self, made: str) -> None:
        job = self._job
        parent = next((model.model_hash for model in self._lineage.models if model.path == job.parent), "")
        expert, online = len(job.expert_episodes), len(job.online_episodes)
        self._lineage.add_round(job.round_id, job.stage, parent, expert, online, made)


class _Comparison:
    """Later models are better: a pair's episodes are drawn with 0.4 plus 0.06 a number."""

    def __init__(self, job: CompareModels, now_s: float, lineage: FakeLineage, draw: random.Random) -> None:
        self._job, self._began_s, self._lineage = job, now_s, lineage
        self._count = 2 * len(job.tasks) * job.pairs
        self._told = 0
        old, new = self._skill(job.old_hash), self._skill(job.new_hash)
        self._solved = [(draw.random() < old, draw.random() < new) for _ in range(len(job.tasks) * job.pairs)]

    def progress(self, now_s: float, is_cancelled: bool) -> Progress | JobEnd | None:
        done = min(self._count, int((now_s - self._began_s) / EPISODE_S))
        if is_cancelled:
            return JobEnd(False, f"cancelled after {done // 2} whole pairs", is_cancelled=True)
        if done == self._count:
            return self._end(now_s)
        if done == self._told:
            return None
        self._told = done
        task = self._job.tasks[(done - 1) // (2 * self._job.pairs)]
        return CompareProgress(done, self._count, task, f"made-up-{done:04d}")

    def _skill(self, model_hash: str) -> float:
        model = self._lineage.model(model_hash)
        return 0.4 + 0.06 * (model.number if model is not None else 0)

    def _rates(self, side: int) -> tuple[Evaluation, ...]:
        pairs = self._job.pairs
        return tuple(
            Evaluation(task, sum(solved[side] for solved in self._solved[index * pairs : (index + 1) * pairs]), pairs)
            for index, task in enumerate(self._job.tasks)
        )

    def _end(self, now_s: float) -> JobEnd:
        old, new = self._rates(0), self._rates(1)
        lost, won = self._solved.count((True, False)), self._solved.count((False, True))
        unequal, pairs = lost + won, len(self._solved)
        p_value = min(1.0, 2 * sum(math.comb(unequal, k) for k in range(min(lost, won) + 1)) / 2**unequal)
        message = ""
        if pairs < 10:
            message = f"{pairs} labelled pairs, expected 10 or more (lineage.min_pairs)"
        elif won < lost and p_value < 0.05:
            message = f"it is worse: {lost} of {pairs} pairs solved by the old model only, {won} by it only"
        if not message:
            self._lineage.note_comparison(old, self._job.old_hash, new, self._job.new_hash)
        return JobEnd(
            True,
            message,
            wall_s=now_s - self._began_s,
            old_model=old,
            new_model=new,
            only_old=lost,
            only_new=won,
            p_value=p_value,
            passes_gate=not message,
        )
