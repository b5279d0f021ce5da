"""Old model against new on the rig: paired starts, the order drawn for each pair, nobody told which one acts."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from irevla.config.errors import DeadlineError, GraphError, UserError, WrongStateError
from irevla.config.lineage import LineageSettings
from irevla.config.tasks import task as find_task
from irevla.training.store.lineage.comparisons import Pair
from irevla_nodes.lineage.gate import check_directory
from irevla_nodes.lineage.log_words import log_words
from irevla_nodes.lineage.model_book import Model, ModelBook

MAX_PAIRS = 1000
POLL_S = 0.1
RETRY_S = 0.5
Progress = Literal["running", "awaiting_label", "over"]


@dataclass(frozen=True)
class ComparisonSpec:
    """What is compared, on what."""

    old: Model
    new: Model
    tasks: tuple[str, ...]
    pairs: int  # for each task
    first_seed: int  # pair i of each task starts from first_seed + i
    who: str


def checked_spec(
    book: ModelBook, *, old_hash: str, new_hash: str, tasks: Sequence[str], pairs: int, first_seed: int, who: str
) -> ComparisonSpec:
    """Return what is compared; raises a UserError for what cannot be."""
    old, new = book.model(old_hash), book.model(new_hash)
    if old.model_hash == new.model_hash:
        raise UserError(f"expected two models to compare, got {old.model_hash[:12]} twice")
    check_directory(old)
    check_directory(new)
    if not tasks or len(set(tasks)) < len(tasks):
        raise UserError(f"tasks: expected one or more, each once, got {list(tasks)}")
    for name in tasks:
        find_task(name)
    if not 1 <= pairs <= MAX_PAIRS:
        raise UserError(f"pairs: expected 1 to {MAX_PAIRS} for each task, got {pairs}")
    return ComparisonSpec(old, new, tuple(tasks), pairs, first_seed, log_words("who", who))


@dataclass(frozen=True)
class EpisodeOutcome:
    """What the store says of an episode."""

    label: str  # "" while it has none, or was not kept
    model_hash: str
    weights_version: int


class RigPort(Protocol):
    """What a comparison needs of the graph; every call returns within its own time-out or raises an IrevlaError.

    WrongStateError and GraphError of ``load`` and ``start`` are of the moment: they are asked again for a while.
    """

    def load(self, model: Model) -> None:
        """Have the policy node serve ``model``, and not say which one it is."""

    def start(self, task: str, seed: int) -> str:
        """Start an evaluation episode of ``task``; returns its id."""

    def mend(self) -> None:
        """Do what may be done without a person so that the next episode can start."""

    def progress(self, episode_id: str, timeout_s: float) -> Progress:
        """Return where the episode is, as soon as it is over or after ``timeout_s``."""

    def outcome(self, episode_id: str) -> EpisodeOutcome:
        """Return what the store says of the episode."""

    def discard(self, episode_id: str) -> None:
        """End the episode if it runs, so that it counts for nothing."""


class Comparison:
    """Runs the pairs one after the other; what came of them is in ``pairs``, also after an error or a cancel."""

    def __init__(
        self,
        spec: ComparisonSpec,
        port: RigPort,
        settings: LineageSettings,
        *,
        is_cancelled: Callable[[], bool],
        on_progress: Callable[[int, str, str], None],
        now_s: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``on_progress`` gets the number of episodes done, the task and the id of the one that began or counted."""
        self._spec = spec
        self._port = port
        self._settings = settings
        self._is_cancelled = is_cancelled
        self._on_progress = on_progress
        self._now_s, self._sleep = now_s, sleep
        # Nobody does this in the head, and the same comparison has the same order again.
        self._order = random.Random(f"{spec.old.model_hash} {spec.new.model_hash} {spec.first_seed}")
        self._done = 0
        self.pairs: list[Pair] = []

    @property
    def of_episodes(self) -> int:
        """Number of episodes of the whole comparison."""
        return 2 * len(self._spec.tasks) * self._spec.pairs

    def run(self) -> bool:
        """Run all pairs; returns False when it was cancelled. Raises an IrevlaError when it cannot go on."""
        spec = self._spec
        for task in spec.tasks:
            for seed in range(spec.first_seed, spec.first_seed + spec.pairs):
                is_new_first = self._order.random() < 0.5
                first = self._episode(spec.new if is_new_first else spec.old, task, seed)
                second = self._episode(spec.old if is_new_first else spec.new, task, seed) if first else ""
                if not second:
                    return False
                old, new = (second, first) if is_new_first else (first, second)
                self.pairs.append(Pair(task, seed, old, new))
        return True

    def _episode(self, model: Model, task: str, seed: int) -> str:
        """Run an episode until one counts and return its id, "" after a cancel."""
        times = 1 + self._settings.repeats
        for _ in range(times):
            episode_id = self._start(model, task, seed)
            if not episode_id:
                return ""
            self._on_progress(self._done, task, episode_id)
            if not self._follow(episode_id):
                return ""
            outcome = self._port.outcome(episode_id)
            objection = _objection(outcome, model)
            if not objection:
                self._done += 1
                self._on_progress(self._done, task, episode_id)
                return episode_id
        raise GraphError(
            f"{task} from seed {seed}: {times} episodes in a row came to nothing (lineage.repeats); "
            f"the newest, {episode_id}: {objection}"
        )

    def _start(self, model: Model, task: str, seed: int) -> str:
        """Start an episode as soon as the session takes it and return its id, "" after a cancel."""
        deadline = self._now_s() + self._settings.start_timeout_s
        is_loaded = False
        while not self._is_cancelled():
            try:
                if not is_loaded:
                    # Also when it is served already: a pause only where the model changes would tell that it did.
                    self._port.load(model)
                    is_loaded = True
                return self._port.start(task, seed)
            except (WrongStateError, GraphError) as refusal:
                if self._now_s() > deadline:
                    raise DeadlineError(
                        f"no episode could start for {self._settings.start_timeout_s:.0f} s "
                        f"(lineage.start_timeout_s): {refusal}"
                    ) from None
            self._port.mend()
            self._sleep(RETRY_S)
        return ""

    def _follow(self, episode_id: str) -> bool:
        """Wait until the episode is over; returns False when the comparison was cancelled meanwhile."""
        began_s, ended_s = self._now_s(), None
        while (progress := self._port.progress(episode_id, POLL_S)) != "over":
            now_s = self._now_s()
            if progress == "awaiting_label":
                ended_s = now_s if ended_s is None else ended_s
                if self._is_cancelled():
                    return False  # it is whole, and its label still means something
                if now_s - ended_s > self._settings.label_timeout_s:
                    raise DeadlineError(
                        f"nobody labelled episode {episode_id} within {self._settings.label_timeout_s:.0f} s "
                        "(lineage.label_timeout_s); label it, then compare again"
                    )
            elif self._is_cancelled():
                self._port.discard(episode_id)
                return False
            elif now_s - began_s > self._settings.episode_timeout_s:
                self._port.discard(episode_id)
                raise DeadlineError(
                    f"episode {episode_id} did not end within {self._settings.episode_timeout_s:.0f} s "
                    "(lineage.episode_timeout_s); see the session's log"
                )
        return True


def _objection(outcome: EpisodeOutcome, model: Model) -> str:
    """Return why an episode does not count, "" when it does."""
    if outcome.label not in ("success", "failure"):
        return f"its label is {outcome.label!r}, expected success or failure"
    if (outcome.model_hash, outcome.weights_version) != (model.model_hash, 0):
        return "another model or head acted in it than was loaded; does a learner work on this rig?"
    return ""
