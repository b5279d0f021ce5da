"""A run that was cancelled, killed or stopped by a NaN goes on and ends bit-equal; equal seeds give equal runs."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from irevla.config.errors import TrainingError
from irevla.training.algorithm1.algorithm1 import Algorithm1
from irevla.training.algorithm1.progress import Progress
from irevla.training.ppo.ppo import Ppo
from point_benchmark import equal, ignore, never, weights

MakeRun = Callable[..., Algorithm1]
METHODS = ("irevla", "irevla-freeze", "irevla-sacfd", "ppo-replay", "ppo-scratch")


class KilledError(Exception):
    pass


def numbers(progress: Progress) -> tuple[object, ...]:
    """What must repeat; NaN is not equal to itself."""
    losses = {name: None if math.isnan(value) else value for name, value in progress.losses.items()}
    rate = None if math.isnan(progress.success_rate) else progress.success_rate
    return (
        progress.task,
        progress.stage,
        progress.step,
        progress.episodes,
        progress.env_steps,
        rate,
        tuple(losses.items()),
    )


@pytest.mark.parametrize("method", METHODS)
def test_killed_at_random_moments_a_run_ends_bit_equal(make_run: MakeRun, method: str) -> None:
    whole: list[Progress] = []
    final = make_run(method, "whole").run(whole.append, never)
    calls = len(whole)
    chance = random.Random(method)
    told: dict[tuple[str, str, int], Progress] = {}
    end: Path | None = None
    for attempt in range(3):
        left = chance.randint(1, max(1, calls // 3)) if attempt < 2 else 10**9

        def report(progress: Progress) -> None:
            nonlocal left
            told[progress.task, progress.stage, progress.step] = progress
            left -= 1
            if not left:
                raise KilledError

        torch.manual_seed(attempt)  # the process's own random numbers have no say
        try:
            end = make_run(method, "killed").run(report, never)
        except KilledError:
            continue
    assert final is not None and end is not None
    assert equal(weights(final), weights(end))
    online = [progress for progress in whole if progress.stage == "rl" and progress.step]
    assert online and all(numbers(one) == numbers(told[one.task, one.stage, one.step]) for one in online)


def test_cancelled_at_any_moment_a_run_ends_bit_equal(make_run: MakeRun) -> None:
    final = make_run("irevla", "whole").run(ignore, never)
    chance = random.Random(7)
    end, attempts = None, 0
    while end is None:
        left = chance.randint(0, 9)
        attempts += 1

        def is_cancelled() -> bool:
            nonlocal left
            left -= 1
            return left < 0

        end = make_run("irevla", "cancelled").run(ignore, is_cancelled if attempts < 5 else never)
    assert attempts > 2
    assert final is not None
    assert equal(weights(final), weights(end))


def test_equal_seeds_give_equal_runs_and_others_do_not(make_run: MakeRun) -> None:
    told: list[list[tuple[object, ...]]] = []
    ends = []
    for folder, seed in (("one", 0), ("same", 0), ("other", 1)):
        lines: list[Progress] = []
        torch.manual_seed(len(told))
        ends.append(weights(make_run("irevla", folder, seed=seed).run(lines.append, never)))  # type: ignore[arg-type]
        told.append([numbers(progress) for progress in lines if progress.stage == "rl"])
    assert told[0] == told[1] and equal(ends[0], ends[1])
    assert told[0] != told[2] and not equal(ends[0], ends[2])


def test_a_nan_stops_the_run_with_its_state_kept(make_run: MakeRun, monkeypatch: pytest.MonkeyPatch) -> None:
    final = make_run("irevla", "whole").run(ignore, never)
    learn = Ppo.learn

    def poisoned(self: Ppo, episodes: list[object]) -> object:
        if self.updates == 2:
            episodes[0].extras["log_probs"][:] = math.nan  # type: ignore[attr-defined]
        return learn(self, episodes)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Ppo, "learn", poisoned)
        with pytest.raises(TrainingError, match=r"PPO.s loss .* in update 2"):
            make_run("irevla", "poisoned").run(ignore, never)
    told: list[Progress] = []
    end = make_run("irevla", "poisoned").run(told.append, never)
    assert told[0].step == 3, "the updates before the NaN are not played again"
    assert final is not None and end is not None
    assert equal(weights(final), weights(end))
