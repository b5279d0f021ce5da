"""Whether the paper's four claims came out, with an interval on each difference."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.training.benchmark.results import Evaluation
from irevla.training.benchmark.summary.method_titles import METHOD_TITLES
from irevla.training.benchmark.summary.table import Cell, cell

OURS = "irevla"


@dataclass(frozen=True)
class Comparison:
    """iRe-VLA against another method on the same tasks, start states and seeds."""

    where: str
    other: str
    ours: Cell
    theirs: Cell
    may_be_equal: bool = False

    @property
    def difference(self) -> float:
        """Our rate minus theirs."""
        return self.ours.rate.rate - self.theirs.rate.rate

    @property
    def interval(self) -> tuple[float, float]:
        """Newcombe's hybrid score interval of the difference at 95 %, episodes taken as independent."""
        (low, high), (other_low, other_high) = self.ours.rate.interval, self.theirs.rate.interval
        ours, theirs = self.ours.rate.rate, self.theirs.rate.rate
        below = math.hypot(ours - low, other_high - theirs)
        above = math.hypot(high - ours, theirs - other_low)
        return self.difference - below, self.difference + above

    @property
    def came_out(self) -> bool:
        """Whether the measured rates are in the claimed order."""
        return self.difference >= 0 if self.may_be_equal else self.difference > 0

    @property
    def is_sure(self) -> bool:
        """Whether the interval lies on one side of zero."""
        low, high = self.interval
        return low > 0 or high < 0

    def __str__(self) -> str:
        low, high = self.interval
        shared = self.ours.by_seed.keys() & self.theirs.by_seed.keys()
        agreeing = sum(
            self.ours.by_seed[seed] > self.theirs.by_seed[seed]
            or (self.may_be_equal and self.ours.by_seed[seed] == self.theirs.by_seed[seed])
            for seed in shared
        )
        return (
            f"{self.where}: {self.ours.rate.rate:.2f} against {METHOD_TITLES[self.other]}'s "
            f"{self.theirs.rate.rate:.2f}, difference {self.difference:+.2f} [{low:+.2f}, {high:+.2f}], "
            f"so in {agreeing} of {len(shared)} seeds"
        )


@dataclass(frozen=True)
class Claim:
    """One claim; ``missing`` names what it cannot be judged without."""

    letter: str
    text: str
    comparisons: tuple[Comparison, ...]
    missing: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """``came out``, ``did not``, or that it cannot be said."""
        if self.missing:
            return f"cannot be said without {', '.join(self.missing)}"
        if not all(comparison.came_out for comparison in self.comparisons):
            wrong = [comparison for comparison in self.comparisons if not comparison.came_out]
            return "did not" if any(comparison.is_sure for comparison in wrong) else "did not (within the intervals)"
        sure = all(comparison.is_sure or comparison.may_be_equal for comparison in self.comparisons)
        return "came out" if sure else "came out (not beyond the intervals)"

    def lines(self) -> list[str]:
        """Return the claim, its verdict and what it rests on."""
        return [f"({self.letter}) {self.text}: {self.verdict}", *(f"    {one}" for one in self.comparisons)]


def judge(settings: BenchmarkSettings, evaluations: Sequence[Evaluation]) -> list[Claim]:
    """Return the four claims."""
    expert, unseen = ("expert average", settings.expert_tasks), ("unseen average", settings.unseen_tasks)
    alone = [(task, (task,)) for task in settings.rl_tasks]
    everything = ("average of all tasks", (*settings.expert_tasks, *settings.rl_tasks, *settings.unseen_tasks))

    def claim(
        letter: str, text: str, other: str, places: Sequence[tuple[str, tuple[str, ...]]], *, may_be_equal: bool = False
    ) -> Claim:
        comparisons = []
        missing: dict[str, None] = {}
        for where, tasks in places:
            cells = {
                method: cell((one for one in evaluations if one.method == method), tasks) for method in (OURS, other)
            }
            ours, theirs = cells[OURS], cells[other]
            missing |= {METHOD_TITLES[method]: None for method, found in cells.items() if found is None}
            if ours is not None and theirs is not None:
                comparisons.append(Comparison(where, other, ours, theirs, may_be_equal))
        return Claim(letter, text, tuple(comparisons), tuple(missing))

    return [
        claim("a", "iRe-VLA above SFT on every RL task and on the unseen average", "sft", [*alone, unseen]),
        claim("b", "iRe-VLA not below SFT on the expert average", "sft", [expert], may_be_equal=True),
        claim("c", "iRe-VLA above PPO-Replay on the expert average", "ppo-replay", [expert]),
        claim("d", "iRe-VLA above iRe-VLA-freeze on average", "irevla-freeze", [everything]),
    ]
