"""What each method has to do, by hand: an RL task of 8 episodes, 4 steps of stage 2, 3 tasks with 3 episodes."""

from __future__ import annotations

import pytest

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.training.algorithm1.method import METHODS
from irevla.training.benchmark.jobs.workload import Workload, evaluated_tasks


@pytest.mark.parametrize(
    ("method", "online", "supervised", "evaluation"),
    [
        ("sft", 0, 0, 9),
        ("sft-longer", 0, 4, 9),
        ("ppo-scratch", 4 * 8, 0, 3),
        ("ppo-replay", 4 * 8, 4, 9),
        ("irevla", 2 * 8, 4, 9),
        ("irevla-sacfd", 3 * 8, 4, 9),
    ],
)
def test_a_method_has_to_do_what_its_stages_are(
    settings: BenchmarkSettings, method: str, online: float, supervised: float, evaluation: float
) -> None:
    work = Workload.of(METHODS[method], settings)
    assert (work.online, work.supervised, work.evaluation) == (online, supervised, evaluation)
    assert work.whole == online + supervised + evaluation


def test_work_grows_with_the_rl_tasks(settings: BenchmarkSettings) -> None:
    two = settings.model_copy(update={"rl_tasks": ("push-rl", "push-rl-2")})
    work = Workload.of(METHODS["irevla"], two)
    assert work.whole == 2 * (2 * 8 + 4) + 4 * 3


def test_from_scratch_only_the_tasks_that_were_learnt_are_evaluated(settings: BenchmarkSettings) -> None:
    assert evaluated_tasks(METHODS["ppo-scratch"], settings) == {"push-rl": "rl"}
    assert list(evaluated_tasks(METHODS["sft"], settings)) == ["push-expert", "push-rl", "push-unseen"]
