"""The simulator's benchmark and the speed it promises."""

from __future__ import annotations

from irevla_nodes.bench.sim import run


def test_lockstep_with_both_cameras_is_at_least_three_times_real_time() -> None:
    steps, physics, pictures = run(steps=12)
    assert steps.ratio is not None
    assert steps.ratio >= 3.0
    assert physics.unit == pictures.unit == "ms"
    assert pictures.ratio is not None
    assert pictures.ratio > 2.0
