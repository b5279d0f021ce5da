"""What an experiment measured: one evaluation a method, seed and task, and the points of stage 1's curves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from irevla.config.errors import StoreError
from irevla.training.benchmark.experiment import Experiment
from irevla.training.benchmark.json_lines import read_lines, write_lines
from irevla.training.success_rate import SuccessRate
from irevla.training.suites.task import Kind

RESULTS = "results.jsonl"


@dataclass(frozen=True)
class Evaluation:
    """How often a method's model did a task, from the start states that every method gets."""

    method: str
    seed: int
    task: str
    kind: Kind
    successes: int
    n: int
    env_steps: int
    """Decisions the evaluation took."""
    wall_s: float

    @property
    def rate(self) -> SuccessRate:
        """The same as a rate."""
        return SuccessRate(self.successes, self.n)

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Evaluation:
        """Return a line of evaluations.jsonl; raises StoreError when it is none."""
        try:
            return cls(**row)
        except TypeError as error:
            raise StoreError(f"not an evaluation: {str(row)[:120]} ({error})") from None

    def as_row(self) -> dict[str, Any]:
        """Return the line; the inverse of from_row."""
        return asdict(self)


@dataclass(frozen=True)
class CurvePoint:
    """Where stage 1 of a method, seed and task was: ``success_rate`` over its last update's episodes."""

    method: str
    seed: int
    task: str
    env_steps: int
    """Decisions in this task so far."""
    success_rate: float


def gather_evaluations(experiment: Experiment) -> list[Evaluation]:
    """Return the evaluations of every finished method, and keep them as results.jsonl."""
    found = [
        Evaluation.from_row(row)
        for folder in experiment.jobs()
        if folder.result() is not None
        for row in read_lines(folder.evaluations)
    ]
    write_lines(experiment.folder / RESULTS, (evaluation.as_row() for evaluation in found))
    return found


def gather_curves(experiment: Experiment) -> list[CurvePoint]:
    """Return stage 1's points of every method that has begun; a point said again after a resume counts once."""
    points: dict[tuple[str, int, str, int], CurvePoint] = {}
    for folder in experiment.jobs():
        for row in read_lines(folder.progress):
            if row.get("stage") != "rl" or math.isnan(row["success_rate"]):
                continue
            spec = folder.spec()
            point = CurvePoint(spec.method, spec.seed, row["task"], row["env_steps"], row["success_rate"])
            points[spec.method, spec.seed, point.task, point.env_steps] = point
    return sorted(points.values(), key=lambda point: (point.method, point.seed, point.task, point.env_steps))
