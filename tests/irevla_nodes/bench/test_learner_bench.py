"""The learner's benchmark runs and keeps its promises."""

from __future__ import annotations

import pytest

from irevla_nodes.bench.learner import run


@pytest.mark.slow
def test_cached_latents_are_ten_times_faster_and_fit_in_a_gigabyte() -> None:
    updates, memory = run()
    assert updates.ratio is not None
    assert updates.ratio >= 10
    assert memory.value <= 1.0
