"""What is told where there is no terminal: one line a beginning and an end, no bars."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.training.benchmark import console
from irevla.training.benchmark.console import ExperimentConsole
from irevla.training.benchmark.plan import plan_jobs


def told(settings: BenchmarkSettings) -> list[str]:
    out = io.StringIO()
    jobs = plan_jobs(settings, ("sft",), (0,), cache=Path("cache"))
    with ExperimentConsole(jobs, Console(file=out, width=40)) as shown:
        shown.ended("demonstrations-push-expert", "done before", is_done=True)
        shown.begun("stage0-seed0")
        shown.advanced("stage0-seed0", 0.5, "step 10 of 20, loss [nan]")
        shown.ended("stage0-seed0", "killed", is_done=False)
        shown.ended("sft-seed0", "left out, as it needs stage0-seed0", is_done=False)
    return out.getvalue().splitlines()


def test_beginnings_and_ends_are_lines(settings: BenchmarkSettings) -> None:
    assert told(settings) == [
        "stage0-seed0: begun",
        "stage0-seed0: NOT DONE, killed",
        "sft-seed0: NOT DONE, left out, as it needs stage0-seed0",
    ]


def test_now_and_then_a_line_says_how_far_it_is(settings: BenchmarkSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights: two demonstrations, 2 for stage 0, 9 evaluations; so far 2 and half of 2 of 13."""
    monkeypatch.setattr(console, "LINE_EVERY_S", 0.0)
    (line,) = [line for line in told(settings) if "%" in line]
    assert line.startswith("23%, about ")
    assert line.endswith("stage0-seed0: 50% step 10 of 20, loss [nan]")
