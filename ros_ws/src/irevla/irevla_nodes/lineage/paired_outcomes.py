"""What came of pairs of episodes, one of either model from the same start."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from irevla.training.success_rate import SuccessRate


@dataclass(frozen=True)
class PairedOutcome:
    """Which of the two models solved one start of one task."""

    task: str
    old: bool
    new: bool


@dataclass(frozen=True)
class PairedOutcomes:
    """The outcomes of all pairs."""

    pairs: tuple[PairedOutcome, ...] = ()

    def __len__(self) -> int:
        return len(self.pairs)

    @property
    def only_old(self) -> int:
        """Pairs that only the old model solved."""
        return sum(pair.old and not pair.new for pair in self.pairs)

    @property
    def only_new(self) -> int:
        """Pairs that only the new model solved."""
        return sum(pair.new and not pair.old for pair in self.pairs)

    @property
    def p_value(self) -> float:
        """McNemar's exact test, two-sided (McNemar 1947): how likely so uneven a split is if the models are equal."""
        unequal = self.only_old + self.only_new
        fewer = min(self.only_old, self.only_new)
        as_uneven: int = 2 * sum(math.comb(unequal, wins) for wins in range(fewer + 1))
        return min(1.0, as_uneven / (1 << unequal))

    @cached_property
    def tasks(self) -> tuple[str, ...]:
        """The tasks, in the order of their first pair."""
        return tuple(dict.fromkeys(pair.task for pair in self.pairs))

    def old_rate(self, task: str) -> SuccessRate:
        """Return how often the old model solved ``task``."""
        return _rate([pair.old for pair in self.pairs if pair.task == task])

    def new_rate(self, task: str) -> SuccessRate:
        """Return how often the new model solved ``task``."""
        return _rate([pair.new for pair in self.pairs if pair.task == task])


def _rate(outcomes: list[bool]) -> SuccessRate:
    return SuccessRate(sum(outcomes), len(outcomes))
