"""Old model against new: the form, how far it is, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from irevla.app.graph.bridge import CompareProgress, JobEnd
from irevla.app.graph.records import Evaluation
from irevla.app.graph.requests import CompareModels
from irevla.app.models.rounds.lineage_book import LineageBook
from irevla.app.models.when import duration_words

USUAL_ALPHA = 0.05


@dataclass(frozen=True)
class CompareChoice:
    """What the person has chosen."""

    old_hash: str = ""
    new_hash: str = ""
    tasks: frozenset[str] = frozenset()
    pairs: int = 10
    first_seed: int = 0


@dataclass(frozen=True)
class CompareForm:
    """The form as the view shows it; ``models`` are (hash, words), ``tasks`` (name, is chosen)."""

    models: tuple[tuple[str, str], ...]
    old_hash: str
    new: str
    tasks: tuple[tuple[str, bool], ...]
    pairs: int
    first_seed: int
    size: str
    obstacle: str  # why it cannot begin; "" when it can


@dataclass(frozen=True)
class CompareStatus:
    """How far it is, or its result; ``rows`` are (task, old, new)."""

    words: str
    share: float
    is_running: bool
    names: tuple[str, str]  # old, new
    rows: tuple[tuple[str, Evaluation, Evaluation], ...]
    split: str
    verdict: str
    tone: str


NO_COMPARISON = CompareStatus("", 0.0, False, ("", ""), (), "", "", "")


def compare_models(choice: CompareChoice, who: str) -> CompareModels:
    """Return what the lineage node is asked."""
    return CompareModels(
        old_hash=choice.old_hash,
        new_hash=choice.new_hash,
        tasks=tuple(sorted(choice.tasks)),
        pairs=choice.pairs,
        first_seed=choice.first_seed,
        who=who,
    )


def compare_form(choice: CompareChoice, book: LineageBook, tasks: tuple[str, ...], *, is_running: bool) -> CompareForm:
    """Return the form for what is known of the lineage."""
    episodes = 2 * len(choice.tasks) * choice.pairs
    known = {row.task for model in book.lineage.models for row in model.evaluations}
    return CompareForm(
        models=tuple((model.model_hash, book.name(model.model_hash)) for model in book.newest_first),
        old_hash=choice.old_hash,
        new=book.name(choice.new_hash) if choice.new_hash else "none: click one on the board",
        tasks=tuple((task, task in choice.tasks) for task in sorted(tasks, key=lambda task: task not in known)),
        pairs=choice.pairs,
        first_seed=choice.first_seed,
        size=f"{episodes:,} episodes: each start once with either model; the arm moves",
        obstacle="a comparison is under way" if is_running else _obstacle(choice, book),
    )


def _obstacle(choice: CompareChoice, book: LineageBook) -> str:
    old, new = book.model(choice.old_hash), book.model(choice.new_hash)
    if old is None or new is None:
        return "choose two models: the new one on the board, the old one here"
    if old is new:
        return "choose two different models: another one on the board, or another old one"
    for model in (old, new):
        if not model.exists:
            return f"the directory of {book.name(model.model_hash)} is missing: copy it back to {model.path}"
    return "" if choice.tasks else "choose at least one task"


class Comparison:
    """One comparison that this window has started."""

    def __init__(self, job: CompareModels, old_name: str, new_name: str) -> None:
        self.job = job
        self.is_cancelling = False
        self._names = old_name, new_name
        self._progress = CompareProgress(0, 2 * len(job.tasks) * job.pairs, "", "")
        self._end: JobEnd | None = None

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._end is None

    def take(self, progress: CompareProgress) -> None:
        """Note how far it is."""
        self._progress = progress

    def end(self, end: JobEnd) -> None:
        """Note how it ended."""
        self._end = end

    def status(self) -> CompareStatus:
        """Return it in words; which model acted is never told before the end."""
        end, progress = self._end, self._progress
        share = progress.episodes / max(progress.of_episodes, 1)
        if end is None:
            return CompareStatus(self._words(), share, True, self._names, (), "", "", "")
        if not end.success:
            return CompareStatus(
                f"the comparison was {'' if end.is_cancelled else 'not done: '}{end.message or 'no reason was given'}",
                share,
                False,
                self._names,
                (),
                "",
                "",
                "" if end.is_cancelled else "bad",
            )
        return CompareStatus(
            words=f"{progress.of_episodes:,} episodes in {duration_words(end.wall_s)}",
            share=1.0,
            is_running=False,
            names=self._names,
            rows=_rows(end),
            split=split_words(end.only_old, end.only_new, end.p_value),
            verdict=verdict_words(end, *self._names),
            tone="good" if end.passes_gate else "bad",
        )

    def _words(self) -> str:
        progress = self._progress
        if self.is_cancelling:
            return "being cancelled; the present episode is ended"
        where = f", {progress.task}" if progress.task else ""
        return (
            f"episode {progress.episodes} of {progress.of_episodes}{where}. "
            "Which model acts is told at the end: label what you see."
        )


def split_words(only_old: int, only_new: int, p_value: float) -> str:
    """Say how the pairs that tell the models apart are split, and how likely that is by chance."""
    if only_old + only_new == 0:
        return "every start was solved by both or by neither: nothing tells them apart"
    chance = f"{'hardly' if p_value < USUAL_ALPHA else 'easily'} by chance (p = {p_value:.3g})"
    return f"solved by the old one only: {only_old}, by the new one only: {only_new}; {chance}"


def verdict_words(end: JobEnd, old_name: str, new_name: str) -> str:
    """Say what the gate makes of it."""
    if end.passes_gate:
        return f"{new_name} may be promoted: it was not shown to be worse than {old_name}"
    return f"{new_name} may not be promoted{': ' + end.message if end.message else ''}"


def _rows(end: JobEnd) -> tuple[tuple[str, Evaluation, Evaluation], ...]:
    new = {row.task: row for row in end.new_model}
    return tuple((row.task, row, new.get(row.task, Evaluation(row.task, 0, 0))) for row in end.old_model)
