"""What is told where there is no terminal: one line a beginning and an end, no bars."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.training.benchmark.console import ExperimentConsole
from irevla.training.benchmark.plan import plan_jobs


def told(settings: BenchmarkSettings, seconds: float) -> list[str]:
    """What is said when half of stage 0 takes so many seconds and it is then killed."""
    out, now = io.StringIO(), [100.0]
    jobs = plan_jobs(settings, ("sft",), (0,), cache=Path("cache"))
    with ExperimentConsole(jobs, Console(file=out, width=40), lambda: now[0]) as shown:
        shown.ended("demonstrations-push-expert", "done before", is_done=True)
        shown.begun("stage0-seed0")
        now[0] += seconds
        shown.advanced("stage0-seed0", 0.5, "step 10 of 20, loss [nan]")
        shown.ended("stage0-seed0", "killed", is_done=False)
        shown.ended("sft-seed0", "left out, as it needs stage0-seed0", is_done=False)
    return out.getvalue().splitlines()


def test_beginnings_and_ends_are_lines(settings: BenchmarkSettings) -> None:
    assert told(settings, 10.0) == [
        "stage0-seed0: begun",
        "stage0-seed0: NOT DONE, killed",
        "sft-seed0: NOT DONE, left out, as it needs stage0-seed0",
    ]


def test_every_half_minute_a_line_says_how_far_it_is_and_how_long_it_will_take(settings: BenchmarkSettings) -> None:
    """Weights: 2 for demonstrations, done before, 20 for stage 0, 9 for evaluation.

    A half of stage 0 took 30 s, so the other half and the evaluation take 57 s.
    """
    (line,) = [line for line in told(settings, 30.0) if "%" in line]
    assert line == "39%, about 57 s left; stage0-seed0: 50% step 10 of 20, loss [nan]"


def test_a_terminal_shows_bars(settings: BenchmarkSettings) -> None:
    out = io.StringIO()
    jobs = plan_jobs(settings, ("sft",), (0,), cache=Path("cache"))
    with ExperimentConsole(jobs, Console(file=out, width=120, force_terminal=True)) as shown:
        shown.begun("stage0-seed0")
        shown.advanced("stage0-seed0", 0.5, "loss [nan]")
    assert "whole experiment" in out.getvalue()
    assert "loss [nan]" in out.getvalue()
