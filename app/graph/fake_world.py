"""The parts of the made-up graph, put together."""

from __future__ import annotations

from collections.abc import Callable

from irevla.app.graph.fake.learner import FakeLearner
from irevla.app.graph.fake.lineage import FakeLineage
from irevla.app.graph.fake.lineage_jobs import FakeLineageJobs
from irevla.app.graph.fake_bridge import FakeBridge, FakePart, JobMaker


def make_fake_bridge(clock: Callable[[], float]) -> FakeBridge:
    """Return a graph full of life: an arm that works, a learner that learns, a store with episodes, a lineage."""
    parts: list[FakePart] = []
    jobs: list[JobMaker] = []
    lineage = FakeLineage()
    parts += [FakeLearner(on_finished=lineage.add_stage1), lineage]
    jobs += [FakeLineageJobs(lineage)]
    return FakeBridge(clock, parts, jobs)
