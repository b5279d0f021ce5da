"""The parts of the made-up graph, put together."""

from __future__ import annotations

import time
from collections.abc import Callable

from irevla.app.graph.fake.health import FakeHealth
from irevla.app.graph.fake.rig import FakeRig
from irevla.app.graph.fake.store import FakeStore
from irevla.app.graph.fake.teleop import FakeTeleop
from irevla.app.graph.fake_bridge import FakeBridge, FakePart, JobMaker
from irevla.config.settings import load_settings


def make_fake_bridge(clock: Callable[[], float]) -> FakeBridge:
    """Return a graph full of life: an arm that works, a learner that learns, a store with episodes, a lineage."""
    store = FakeStore(seed=0, wall_s=time.time(), now_s=clock())
    nodes = [name for name, node in load_settings("sim").graph.nodes.items() if not node.window]
    parts: list[FakePart] = [FakeRig(), FakeTeleop(), store, FakeHealth(nodes)]
    jobs: list[JobMaker] = []
    return FakeBridge(clock, parts, jobs)
