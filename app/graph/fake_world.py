"""The parts of the made-up graph, put together."""

from __future__ import annotations

from collections.abc import Callable

from irevla.app.graph.fake.rig import FakeRig
from irevla.app.graph.fake.teleop import FakeTeleop
from irevla.app.graph.fake_bridge import FakeBridge, FakePart, JobMaker


def make_fake_bridge(clock: Callable[[], float]) -> FakeBridge:
    """Return a graph full of life: an arm that works, a learner that learns, a store with episodes, a lineage."""
    parts: list[FakePart] = [FakeRig(), FakeTeleop()]
    jobs: list[JobMaker] = []
    return FakeBridge(clock, parts, jobs)
