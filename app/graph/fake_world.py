"""The parts of the made-up graph, put together."""

from __future__ import annotations

import time
from collections.abc import Callable

from irevla.app.graph.fake.health import FakeHealth
from irevla.app.graph.fake.learner import FakeLearner
from irevla.app.graph.fake.lineage import FakeLineage
from irevla.app.graph.fake.lineage_jobs import FakeLineageJobs
from irevla.app.graph.fake.rig import FakeRig
from irevla.app.graph.fake.store import FakeStore
from irevla.app.graph.fake.teleop import FakeTeleop
from irevla.app.graph.fake_bridge import FakeBridge, FakePart
from irevla.config.settings import load_settings


def make_fake_bridge(clock: Callable[[], float]) -> FakeBridge:
    """Return a graph full of life: an arm that works, a learner that learns, a store with episodes, a lineage."""
    nodes = [name for name, node in load_settings("sim").graph.nodes.items() if not node.window]
    store = FakeStore(seed=0, wall_s=time.time(), now_s=clock())
    lineage = FakeLineage()
    learner = FakeLearner(on_finished=lineage.add_stage1)
    parts: list[FakePart] = [FakeRig(), FakeTeleop(), store, learner, lineage, FakeHealth(nodes)]
    return FakeBridge(clock, parts, [FakeLineageJobs(lineage)])
