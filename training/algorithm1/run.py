"""What both stages of a run need to know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.training.algorithm1.method import Method
from irevla.training.algorithm1.progress import Progress
from irevla.training.rollout.lanes import Lanes
from irevla.training.suites.task import SuiteTask


@dataclass(frozen=True)
class Run:
    """One method with one seed, and who listens."""

    method: Method
    settings: BenchmarkSettings
    seed: int
    make_lanes: Callable[[SuiteTask], Lanes]
    report: Callable[[Progress], None]
    is_cancelled: Callable[[], bool]


class Cancelled(Exception):  # noqa: N818  (no error)
    """The run was asked to stop; its state is on the disk."""
