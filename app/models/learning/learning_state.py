"""The Learning page in plain words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from irevla.app.graph.facts import Learner, PolicyStep
from irevla.app.models.learning.learning_history import Curves, LearningHistory
from irevla.app.models.learning.stage1_form import Stage1Form
from irevla.app.models.learning.stage2_gate import Gate, stage2_gate
from irevla.app.models.rig import Rig
from irevla.app.models.success_band import SuccessBand
from irevla.config.dashboard import DashboardSettings

SILENT_S = 5.0  # the learner speaks once a second
Tone = Literal["", "good", "warn", "bad"]
Words = tuple[str, Tone]
STATES = {"idle": "idle", "warming_up": "warming up", "learning": "learning", "failed": "FAILED"}


@dataclass(frozen=True)
class LearningState:
    """One field a part of the page."""

    headline: Words  # what the learner does
    detail: str
    critic: Words  # what mean Q means beside the success rate
    numbers: tuple[tuple[str, str], ...]  # name, value
    gate: Gate
    form: Stage1Form
    curves: Curves


def learning_state(
    rig: Rig, history: LearningHistory, form: Stage1Form, settings: DashboardSettings, now_s: float
) -> LearningState:
    """Return the page for what is known."""
    learner, window = rig.learner, history.window
    return LearningState(
        headline=_headline(learner, now_s),
        detail="" if learner is None else learner.detail,
        critic=critic_words(learner, window.successes, window.episodes, settings.ready_q_error),
        numbers=_numbers(learner, rig.policy, history),
        gate=stage2_gate(learner, window.successes, window.episodes, settings),
        form=form,
        curves=history.curves,
    )


def critic_words(learner: Learner | None, successes: int, episodes: int, allowed: float) -> Words:
    """Say what the critic's mean estimate means beside how often the arm really succeeds."""
    if learner is None or math.isnan(learner.q_mean):
        return "the critic has said nothing yet", ""
    q_mean = learner.q_mean
    if not 0.0 <= q_mean <= 1.0:
        return f"mean Q {q_mean:.2f} cannot be: a reward of 0 or 1 allows 0 to 1; the critic diverges", "bad"
    if not episodes:
        return f"mean Q {q_mean:.2f}; no episode yet to compare it with", ""
    rate = successes / episodes
    if q_mean - rate > allowed:
        return f"mean Q {q_mean:.2f} is far above the success rate {rate:.2f}: the critic overestimates", "bad"
    if rate - q_mean > allowed:
        return f"mean Q {q_mean:.2f} is far below the success rate {rate:.2f}: the critic has not caught up", "warn"
    return f"mean Q {q_mean:.2f} goes with the success rate {rate:.2f}", "good"


def _headline(learner: Learner | None, now_s: float) -> Words:
    if learner is None:
        return "the learner was not heard yet: is the graph running?", "warn"
    silent_s = now_s - learner.received_s
    if silent_s > SILENT_S:
        return f"the learner is silent for {silent_s:.0f} s", "bad"
    state = STATES.get(learner.state, learner.state)
    tone: Tone = "bad" if learner.state == "failed" else "good" if learner.state == "learning" else ""
    return (f"{state}: {learner.task}" if learner.task else state), tone


def _numbers(
    learner: Learner | None, policy: PolicyStep | None, history: LearningHistory
) -> tuple[tuple[str, str], ...]:
    if learner is None:
        return ()
    window = history.window
    return (
        ("updates", f"{learner.updates:,} ({learner.updates_per_s:.0f}/s)"),
        ("demo buffer", f"{learner.demo_steps:,} steps, half of each batch"),
        ("online buffer", f"{learner.online_steps:,} steps, the other half"),
        ("online episodes", f"{learner.online_episodes:,}, {learner.online_successes:,} of them successes"),
        (f"last {window.episodes} episodes", SuccessBand(window.successes, window.episodes).words),
        ("head", head_words(learner, policy)),
    )


def head_words(learner: Learner, policy: PolicyStep | None) -> str:
    """Say which version of the head acts, and how far behind the learner it is."""
    newest = learner.weights_version
    if policy is None:
        return f"newest is {newest}; the policy was not heard yet"
    behind = newest - policy.weights_version
    if behind == 0:
        return f"the policy acts with the newest, {newest}"
    if behind < 0:
        return f"the policy acts with {policy.weights_version}, of an earlier task; newest is {newest}"
    return f"the policy acts with {policy.weights_version}, {behind} behind the newest, {newest}"
