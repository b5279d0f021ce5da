"""The benchmark's loops against the naive ones, in one process on one thread, measured in the same run."""

from __future__ import annotations

import torch

from irevla.config.benchmark.scales import load_benchmark
from irevla.training.benchmark.figure import Figure
from irevla.training.benchmark.speed.reinforcement import reinforcement_figures
from irevla.training.benchmark.speed.supervised import supervised_figures
from irevla.training.suites.suite import suite as find_suite


def run(suite_name: str) -> list[Figure]:
    """Measure both; raises UnknownNameError for a suite that does not exist."""
    settings = load_benchmark(suite_name, "small")
    suite = find_suite(suite_name)
    torch.set_num_threads(1)
    return [*reinforcement_figures(suite, settings), *supervised_figures(settings)]
