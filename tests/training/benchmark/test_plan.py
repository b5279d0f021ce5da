"""Which jobs there are, what each waits for, and what is refused before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.config.errors import UnknownNameError, UserError
from irevla.training.benchmark.plan import check_names, plan_jobs

CACHE = Path("cache")
TASKS = dict.fromkeys(("push-expert", "push-rl", "push-unseen"))


def test_methods_wait_for_demonstrations_and_stage_zero_of_their_seed(settings: BenchmarkSettings) -> None:
    jobs = {job.name: job for job in plan_jobs(settings, ("sft", "ppo-scratch"), (0, 3), cache=CACHE)}
    assert list(jobs) == [
        "demonstrations-push-expert",
        "stage0-seed0",
        "stage0-seed3",
        "sft-seed0",
        "ppo-scratch-seed0",
        "sft-seed3",
        "ppo-scratch-seed3",
    ]
    assert jobs["stage0-seed3"].needs == ("demonstrations-push-expert",)
    assert jobs["sft-seed3"].needs == ("demonstrations-push-expert", "stage0-seed3")
    assert jobs["ppo-scratch-seed3"].needs == ()  # learns even when stage 0 failed, but not in its way
    assert jobs["ppo-scratch-seed3"].after == ("demonstrations-push-expert", "stage0-seed3")


def test_how_many_threads_learn_is_the_settings_business_alone(settings: BenchmarkSettings) -> None:
    """Numbers differ with the threads, so a table must not depend on the machine's cores."""
    rounds = settings.rounds.model_copy(update={"threads": 3})
    jobs = plan_jobs(settings.model_copy(update={"rounds": rounds}), ("sft",), (0,), cache=CACHE)
    assert [job.spec.threads for job in jobs] == [1, 3, 1]


def test_unknown_names_are_refused_with_the_nearest(settings: BenchmarkSettings) -> None:
    check_names(settings, ("irevla",), TASKS)
    with pytest.raises(UnknownNameError, match=r"unknown method 'irevla-frezee' .did you mean 'irevla-freeze'"):
        check_names(settings, ("irevla-frezee",), TASKS)
    with pytest.raises(UnknownNameError, match=r"unknown metaworld task 'push-rll' .did you mean 'push-rl'"):
        check_names(settings.model_copy(update={"rl_tasks": ("push-rll",)}), ("irevla",), TASKS)
    with pytest.raises(UserError, match="at least one method"):
        check_names(settings, (), TASKS)
