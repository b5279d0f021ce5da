"""What was heard of one stage 1 so far, as curves over minutes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from irevla.app.graph.facts import Command, EpisodeClosed, Fact, Learner, Source
from irevla.app.graph.records import EpisodeInfo
from irevla.app.models.learning.episode_window import EpisodeWindow, Outcome
from irevla.app.models.learning.series import Rows, Series
from irevla.app.models.success_band import SuccessBand

LEARNER = ("critic_loss", "actor_loss", "bc_loss", "q_mean", "entropy", "temperature", "updates_per_s")
SPACING_S = 0.1  # of two points
SAME_SPACING_S = 2.0  # while nothing is learnt
EPISODES_UNDER_WAY = 16  # of which steps are counted; a label may come late


@dataclass(frozen=True, eq=False)
class Curves:
    """Numbers over minutes since the stage was first heard of."""

    learner: Rows  # (N, 8): minutes, then LEARNER
    episodes: Rows  # (M, 5): minutes, success rate, its interval's low and high end, intervention rate


class LearningHistory:
    """Begins anew with every stage 1; `take` is quick, `curves` copies only after something came."""

    def __init__(self, window: int) -> None:
        """``window``: episodes that the success rate is taken over."""
        self._size = window
        self._has_news = False
        self._acted: dict[str, tuple[int, int]] = {}  # steps by a person, and all, of each episode
        self._begin("", 0.0)
        self._curves = Curves(self._learner.rows(), self._episodes.rows())

    @property
    def curves(self) -> Curves:
        """The same object as long as nothing came."""
        if self._has_news:
            self._curves, self._has_news = Curves(self._learner.rows(), self._episodes.rows()), False
        return self._curves

    def take(self, fact: Fact) -> None:
        """Note what the learner says, how RL episodes of its task end, and who acts in them."""
        if isinstance(fact, Learner):
            self._take_learner(fact)
        elif isinstance(fact, Command):
            self._take_command(fact)
        elif isinstance(fact, EpisodeClosed):
            self._take_episode(fact)

    def recall(self, task: str, newest_first: Iterable[EpisodeInfo]) -> None:
        """Put episodes from before this window was opened before those that it has seen."""
        if task != self.task or self.window.episodes:
            return
        for episode in reversed(list(newest_first)):
            if episode.label in ("success", "failure"):
                outcome = Outcome(episode.label == "success", episode.intervention_steps, episode.steps)
                self.window.add(episode.episode_id, outcome)

    def _begin(self, task: str, now_s: float) -> None:
        self.task = task
        self.window = EpisodeWindow(self._size)
        self._began_s = now_s
        self._newest: Learner | None = None
        self._learner, self._episodes = Series(1 + len(LEARNER)), Series(5)
        self._has_news = True

    def _minutes(self, fact: Fact) -> float:
        return (fact.received_s - self._began_s) / 60.0

    def _take_learner(self, fact: Learner) -> None:
        if not fact.task:
            return
        newest = self._newest
        if fact.task != self.task or (newest is not None and fact.updates < newest.updates):
            self._begin(fact.task, fact.received_s)
        elif newest is not None:
            spacing_s = SAME_SPACING_S if fact.updates == newest.updates else SPACING_S
            if fact.received_s - newest.received_s < spacing_s:
                return
        self._newest, self._has_news = fact, True
        self._learner.add((self._minutes(fact), *(getattr(fact, name) for name in LEARNER)))

    def _take_command(self, fact: Command) -> None:
        if fact.hold:
            return
        by_person, steps = self._acted.get(fact.episode_id, (0, 0))
        self._acted[fact.episode_id] = (by_person + (fact.source == Source.TELEOP), steps + 1)
        if len(self._acted) > EPISODES_UNDER_WAY:
            self._acted.pop(next(iter(self._acted)))

    def _take_episode(self, fact: EpisodeClosed) -> None:
        by_person, steps = self._acted.pop(fact.episode_id, (0, fact.steps))
        if fact.kind != "rl" or fact.task != self.task:
            return
        if fact.relabel:
            self.window.relabel(fact.episode_id, fact.label)
        elif fact.label in ("success", "failure"):
            self.window.add(fact.episode_id, Outcome(fact.label == "success", by_person, steps))
        else:
            return
        if self.window.episodes:
            self._has_news = True
            successes, episodes = self.window.successes, self.window.episodes
            point = (successes / episodes, *SuccessBand(successes, episodes).interval, self.window.intervention_rate)
            self._episodes.add((self._minutes(fact), *point))
