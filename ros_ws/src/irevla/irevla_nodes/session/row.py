"""A row of episodes, one after the other, as the RunEpisodes action asks for it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

from irevla.config.errors import DeadlineError, GraphError, IrevlaError, WrongStateError
from irevla_nodes.session.episode_plan import EpisodePlan
from irevla_nodes.session.snapshot import EpisodeEnd

log = logging.getLogger("irevla.session")
POLL_S = 0.1
RESUME_EVERY_S = 0.5
RESUME_TIMEOUT_S = 45.0  # a policy process that was killed takes this long to come back on a busy machine
FAILURES_IN_A_ROW = 5
LEARNER_START_TIMEOUT_S = 10.0


@dataclass(frozen=True)
class LearnerProgress:
    """What learner/status says."""

    task: str  # "" when idle
    online_episodes: int
    weights_version: int
    updates: int


class RowPort(Protocol):
    """What a row needs of the node; every call returns within its own time-out."""

    def begin(self, plan: EpisodePlan) -> str:
        """Start an episode and the arm's reset; returns its id."""

    def wait_end(self, episode_id: str, timeout_s: float) -> EpisodeEnd | None:
        """Wait for the end of an episode; None when it has not ended within ``timeout_s``."""

    def discard(self, reason: str) -> None:
        """End the running episode and throw it away; harmless when none runs."""

    def unlabelled(self) -> str:
        """Return the id of the episode that awaits its label, "" when none does."""

    def hold_reason(self) -> str:
        """Return why the arbiter holds the arm, "" when it does not."""

    def resume(self) -> str:
        """Ask the arbiter to go on; returns why it refuses, "" when it does not."""

    def learner(self) -> LearnerProgress | None:
        """Return the learner's newest status, None when none has come."""


@dataclass(frozen=True)
class RowSpec:
    """A plan for every episode, and how many with which seeds."""

    plan: EpisodePlan
    episodes: int
    seed_stride: int = 1
    stop_after_successes: int = 0
    wait_for_learner: bool = False
    resumes_arm: bool = True  # False: a held arm is a person's matter, the row waits as long as that takes
    learner_timeout_s: float = 60.0


@dataclass
class RowResult:
    """What came of it so far; discarded episodes are in none of these."""

    episode_ids: list[str] = field(default_factory=list)
    labels: list[bool] = field(default_factory=list)
    message: str = ""

    @property
    def successes(self) -> int:
        """Number of successful episodes."""
        return sum(self.labels)


class Row:
    """Runs the episodes of ``spec``; an episode that comes to nothing is left out, and the next one follows."""

    def __init__(
        self,
        spec: RowSpec,
        port: RowPort,
        *,
        is_cancelled: Callable[[], bool],
        on_progress: Callable[[RowResult, str], None],
    ) -> None:
        """``on_progress`` gets the result so far and the id of the newest episode, at least once a second."""
        self._spec = spec
        self._port = port
        self._is_cancelled = is_cancelled
        self._on_progress = on_progress
        self._result = RowResult()
        self._begun: set[str] = set()
        self._told_s = 0.0

    def run(self) -> RowResult:
        """Run until done, cancelled or in trouble; ``message`` says why it ended early."""
        spec, result = self._spec, self._result
        failures, end = 0, EpisodeEnd("", "", "")
        try:
            base = self._first_learner_status() if spec.wait_for_learner else None
            for index in range(spec.episodes):
                self._judge_again()
                if spec.stop_after_successes and result.successes >= spec.stop_after_successes:
                    break
                self._resume_arm()
                end = self._run_episode(index, base)
                if self._is_cancelled():
                    result.message = "cancelled"
                    break
                failures = 0 if self._count(end) else failures + 1
                if failures >= FAILURES_IN_A_ROW:
                    break
            if failures and (failures >= FAILURES_IN_A_ROW or not result.labels) and not result.message:
                result.message = f"{failures} episodes in a row came to nothing; the last: {end.detail}"
        except IrevlaError as error:
            result.message = str(error)
        return result

    def _run_episode(self, index: int, base: LearnerProgress | None) -> EpisodeEnd:
        spec = self._spec
        seed = spec.plan.seed + index * spec.seed_stride
        plan = replace(spec.plan, seed=seed)
        if base is not None:
            # Learning on one episode overlaps the acting in the next, so an episode knows all but the one before it.
            lag = max(0, len(self._result.episode_ids) - 1)
            self._wait_for_learner(base, lag)
            plan = replace(plan, pinned_version=base.weights_version + lag)
        if self._is_cancelled():
            return EpisodeEnd("", "", "cancelled")
        try:
            episode_id = self._begin(plan)
        except (GraphError, WrongStateError) as error:
            return EpisodeEnd("", "", str(error))
        self._begun.add(episode_id)
        return self._follow(episode_id)

    def _begin(self, plan: EpisodePlan) -> str:
        while True:
            try:
                return self._port.begin(plan)
            except WrongStateError:
                if self._is_cancelled() or not self._judge_again():
                    raise

    def _follow(self, episode_id: str) -> EpisodeEnd:
        asked_s = 0.0
        while (end := self._port.wait_end(episode_id, POLL_S)) is None:
            self._tell(episode_id)
            if self._is_cancelled():
                self._port.discard("the row was cancelled")
                if self._port.unlabelled() == episode_id:
                    return EpisodeEnd(episode_id, "", "the row was cancelled; the episode awaits its label")
            is_due = self._spec.resumes_arm and time.monotonic() - asked_s > RESUME_EVERY_S
            if is_due and self._port.hold_reason():
                asked_s = time.monotonic()
                self._port.resume()
        return end

    def _count(self, end: EpisodeEnd) -> bool:
        if end.label not in ("success", "failure"):
            log.warning("episode %s came to nothing: %s", end.episode_id or "(not begun)", end.detail)
            return False
        self._result.episode_ids.append(end.episode_id)
        self._result.labels.append(end.label == "success")
        self._told_s = 0.0
        self._tell(end.episode_id)
        return True

    def _judge_again(self) -> bool:
        """Wait for another label where a person took the row's newest one back; returns whether they did."""
        episode_id = self._port.unlabelled()
        if episode_id not in self._begun:
            return False
        if episode_id in self._result.episode_ids:
            place = self._result.episode_ids.index(episode_id)
            del self._result.episode_ids[place], self._result.labels[place]
        self._count(self._follow(episode_id))
        return True

    def _resume_arm(self) -> None:
        deadline = time.monotonic() + RESUME_TIMEOUT_S
        refusal = ""
        while (reason := self._port.hold_reason()) and not self._is_cancelled():
            if self._spec.resumes_arm:
                refusal = self._port.resume() or refusal
            self._tell("")
            if self._spec.resumes_arm and time.monotonic() > deadline:
                raise DeadlineError(
                    f"the arm stayed held for {RESUME_TIMEOUT_S:.0f} s ({reason}); arbiter/resume says: {refusal}"
                )
            time.sleep(RESUME_EVERY_S)

    def _first_learner_status(self) -> LearnerProgress:
        """Return where the learner of this task stands; one that was just restarted needs a moment to say it."""
        deadline = time.monotonic() + min(LEARNER_START_TIMEOUT_S, self._spec.learner_timeout_s)
        wanted = self._spec.plan.task
        while (found := self._port.learner()) is None or found.task != wanted:
            if time.monotonic() > deadline or self._is_cancelled():
                says = "is silent" if found is None else f"learns {found.task or 'nothing'}"
                raise WrongStateError(
                    f"a row of {wanted} waits for the learner, which {says}: call learner/start_task for {wanted} first"
                )
            time.sleep(POLL_S)
        return found

    def _wait_for_learner(self, base: LearnerProgress, episodes: int) -> None:
        seen, since_s = base.updates, time.monotonic()
        while not self._is_cancelled():
            now = self._port.learner() or base
            if now.online_episodes >= base.online_episodes + episodes:
                return
            if now.updates != seen:
                seen, since_s = now.updates, time.monotonic()
            if time.monotonic() - since_s > self._spec.learner_timeout_s:
                trained = now.online_episodes - base.online_episodes
                raise DeadlineError(
                    f"the learner made no progress for {self._spec.learner_timeout_s:.0f} s: trained on {trained} of "
                    f"{episodes} episodes; see its log, or raise session.learner_timeout_s"
                )
            self._tell("")
            time.sleep(POLL_S / 5)

    def _tell(self, episode_id: str) -> None:
        if time.monotonic() - self._told_s > 1.0:
            self._told_s = time.monotonic()
            self._on_progress(self._result, episode_id)
