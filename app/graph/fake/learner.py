"""A made-up learner: stage 1 of one task, with a success rate that climbs and a critic that follows it."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from irevla.app.graph.bridge import Answer
from irevla.app.graph.facts import EpisodeClosed, Fact, Learner
from irevla.app.graph.records import Made
from irevla.app.graph.requests import FinishTask, LoadModel, Request, StartTask

TASK = "pick_eggplant"
STATUS_S = 1.0
EPISODE_S = 12.0
STEPS = 40
WARM_UP = 300  # updates
UPDATES_PER_S = 45.0
PAST_S = 1500.0  # stage 1 was under way for so long when the window is opened
IDLE = Learner(
    received_s=0.0,
    task="",
    state="idle",
    detail="",
    weights_version=0,
    updates=0,
    demo_steps=0,
    online_steps=0,
    online_episodes=0,
    online_successes=0,
    critic_loss=math.nan,
    actor_loss=math.nan,
    bc_loss=math.nan,
    q_mean=math.nan,
    entropy=math.nan,
    temperature=math.nan,
    updates_per_s=0.0,
)
Finished = Callable[[str, str], str]  # path, task -> model hash


class FakeLearner:
    """Tells its past in the first answer, then speaks once a second; knows StartTask, FinishTask and LoadModel."""

    def __init__(self, seed: int = 0, on_finished: Finished | None = None) -> None:
        self._seed, self._on_finished = seed, on_finished
        self._task = TASK
        self._began_s: float | None = None
        self._told_s = 0.0
        self._forget()

    def facts(self, now_s: float) -> Sequence[Fact]:
        """See FakePart."""
        is_past = self._began_s is None
        if is_past:
            self._began_s, self._told_s = now_s - PAST_S, now_s - PAST_S
        told: list[Fact] = []
        while self._told_s + STATUS_S <= now_s:
            self._told_s += STATUS_S
            told += self._second(self._told_s)
        # Whoever makes up the arm closes the episodes of now.
        return told if is_past else [fact for fact in told if isinstance(fact, Learner)]

    def answer(self, request: Request, now_s: float) -> Answer | None:
        """See FakePart."""
        if isinstance(request, LoadModel):
            return Answer(True, result=Made(path=request.path, model_hash=request.sha256))
        if isinstance(request, StartTask):
            self._task, self._began_s = request.task, now_s
            self._forget()
            return Answer(True, f"learning {request.task} from {request.model}")
        if isinstance(request, FinishTask):
            if not self._task:
                return Answer(False, "no task is under way; call learner/start_task first")
            made = self._on_finished(request.out, self._task) if self._on_finished is not None else ""
            self._task = ""
            return Answer(True, result=Made(path=request.out, model_hash=made))
        return None

    def _forget(self) -> None:
        self._random = random.Random(f"{self._seed} {self._task}")
        self._episodes = self._successes = 0

    def _second(self, at_s: float) -> Sequence[Fact]:
        if not self._task or self._began_s is None:
            return (self._status(at_s, 0.0),)
        age_s = at_s - self._began_s
        status = self._status(at_s, age_s)
        if age_s < (self._episodes + 1) * EPISODE_S:
            return (status,)
        return status, self._episode(at_s, age_s)

    def _episode(self, at_s: float, age_s: float) -> EpisodeClosed:
        is_success = self._random.random() < skill(age_s)
        self._episodes += 1
        self._successes += is_success
        return EpisodeClosed(
            received_s=at_s,
            episode_id=f"rl-{self._task}-{self._episodes:04d}",
            task=self._task,
            kind="rl",
            label="success" if is_success else "failure",
            steps=STEPS,
            terminated=is_success,
            weights_version=max(0, self._episodes - 2),
            relabel=False,
        )

    def _status(self, at_s: float, age_s: float) -> Learner:
        if not self._task:
            return replace(IDLE, received_s=at_s)
        owed = WARM_UP + self._episodes * STEPS
        updates = min(owed, int(age_s * UPDATES_PER_S))
        noise = self._random.uniform
        return Learner(
            received_s=at_s,
            task=self._task,
            state="learning" if updates > WARM_UP else "warming_up",
            detail="",
            weights_version=self._episodes,
            updates=updates,
            demo_steps=20 * 31,
            online_steps=self._episodes * STEPS,
            online_episodes=self._episodes,
            online_successes=self._successes,
            critic_loss=0.004 + 0.03 * math.exp(-age_s / 300.0) * noise(0.8, 1.2),
            actor_loss=0.1 - 0.5 * skill(age_s) + noise(-0.01, 0.01),
            bc_loss=0.03 + 0.05 * math.exp(-age_s / 500.0) * noise(0.9, 1.1),
            q_mean=0.85 * skill(age_s) + noise(-0.015, 0.015),
            entropy=-4.0 - 3.0 * skill(age_s) + noise(-0.05, 0.05),
            temperature=0.02 * math.exp(-age_s / 900.0),
            updates_per_s=UPDATES_PER_S * noise(0.9, 1.0) if updates < owed else noise(2.0, 5.0),
        )


def skill(age_s: float) -> float:
    """Return how likely an episode succeeds after so much learning: from 0.35 to 0.9 in about half an hour."""
    return 0.35 + 0.55 / (1.0 + math.exp(-(age_s - 600.0) / 200.0))
