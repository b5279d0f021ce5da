"""Whether stage 1 has found enough for stage 2: each condition with what there is and what it needs."""

from __future__ import annotations

import math
from dataclasses import dataclass

from irevla.app.graph.facts import Learner
from irevla.app.models.success_band import SuccessBand
from irevla.config.dashboard import DashboardSettings


@dataclass(frozen=True)
class Condition:
    """One line of the gate."""

    name: str
    now: str
    needs: str
    is_met: bool


@dataclass(frozen=True)
class Gate:
    """All conditions; the person decides, the gate only says."""

    conditions: tuple[Condition, ...]

    @property
    def is_ready(self) -> bool:
        """Whether every condition is met."""
        return all(condition.is_met for condition in self.conditions)

    @property
    def verdict(self) -> str:
        """The gate in one line."""
        missing = [condition.name for condition in self.conditions if not condition.is_met]
        return f"not ready for stage 2: {', '.join(missing)}" if missing else "ready for stage 2"


def stage2_gate(learner: Learner | None, successes: int, episodes: int, settings: DashboardSettings) -> Gate:
    """Return the gate; ``successes`` of the newest ``episodes``, at most ``settings.success_window`` of them."""
    return Gate(
        (
            _learner(learner),
            _updates(0 if learner is None else learner.updates),
            _successes(0 if learner is None else learner.online_successes, settings.ready_successes),
            _rate(successes, episodes, settings.ready_rate),
            _q(math.nan if learner is None else learner.q_mean, successes, episodes, settings.ready_q_error),
        )
    )


def _learner(learner: Learner | None) -> Condition:
    state = "not heard yet" if learner is None else learner.state.replace("_", " ")
    return Condition("learner", state, "at work, not failed", state in ("warming up", "learning"))


def _updates(updates: int) -> Condition:
    return Condition("updates", f"{updates:,}", "at least 1", updates >= 1)


def _successes(successes: int, needed: int) -> Condition:
    return Condition("new successes", str(successes), f"at least {needed}", successes >= needed)


def _rate(successes: int, episodes: int, needed: float) -> Condition:
    low, high = SuccessBand(successes, episodes).interval
    now = f"{successes}/{episodes}, 95 %: {low:.2f} to {high:.2f}" if episodes else "no episode yet"
    return Condition("success rate", now, f"a lower end of {needed:.2f}", episodes > 0 and low >= needed)


def _q(q_mean: float, successes: int, episodes: int, allowed: float) -> Condition:
    needs = f"within {allowed:.2f} of the rate"
    if math.isnan(q_mean) or not episodes:
        return Condition("mean Q", "nothing to compare yet", needs, False)
    rate = successes / episodes
    # 0.3 is allowed, and 0.8 - 0.5 is a little more than 0.3.
    is_near = abs(q_mean - rate) <= allowed + 1e-9
    return Condition("mean Q", f"{q_mean:.2f}, the rate is {rate:.2f}", needs, is_near)
