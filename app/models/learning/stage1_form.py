"""Stage 1's controls: what is chosen, and why it cannot begin or end now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from irevla.app.graph.facts import Learner
from irevla.app.graph.records import EpisodeInfo, ModelInfo
from irevla.app.models.rounds.lineage_book import LineageBook

PAPERS_DEMOS = 20


@dataclass(frozen=True)
class Stage1Choice:
    """What the person has chosen."""

    task: str = ""
    model_hash: str = ""
    seed: int = 0


@dataclass(frozen=True)
class Stage1Form:
    """``models`` are (hash, words), newest first; "" as an obstacle means that the button works."""

    tasks: tuple[str, ...]
    models: tuple[tuple[str, str], ...]
    task: str
    model_hash: str
    seed: int
    demos: str
    start_obstacle: str
    finish_obstacle: str


def stage1_form(
    choice: Stage1Choice,
    tasks: tuple[str, ...],
    book: LineageBook,
    demos: Sequence[EpisodeInfo] | str,
    learner: Learner | None,
    *,
    is_asking: bool,
) -> Stage1Form:
    """Return the form; ``demos`` are the zero-shot successes of the task, or why they are not known."""
    model = book.model(choice.model_hash)
    models = tuple((known.model_hash, book.name(known.model_hash)) for known in book.newest_first if known.exists)
    return Stage1Form(
        tasks=tasks,
        models=models,
        task=choice.task,
        model_hash=choice.model_hash,
        seed=choice.seed,
        demos=demos if isinstance(demos, str) else _demo_words(demos, choice.model_hash),
        start_obstacle=_start_obstacle(model, demos, learner, is_asking=is_asking),
        finish_obstacle=_finish_obstacle(learner, is_asking=is_asking),
    )


def usable(demos: Sequence[EpisodeInfo], model_hash: str) -> tuple[str, ...]:
    """Return the ids of those that ``model_hash`` made: latents of another backbone mean nothing to its head."""
    return tuple(sorted(episode.episode_id for episode in demos if episode.model_hash == model_hash))


def checkpoint_path(model_path: str, task: str, now: datetime) -> str:
    """Return where stage 1's checkpoint goes: beside the model it started from."""
    return str(PurePosixPath(model_path).parent / f"{task}-stage1-{now:%Y%m%d-%H%M%S}")


def _demo_words(demos: Sequence[EpisodeInfo], model_hash: str) -> str:
    mine = len(usable(demos, model_hash))
    others = len(demos) - mine
    words = f"{mine} zero-shot successes of this model"
    if 0 < mine < PAPERS_DEMOS:
        words += f" (the paper has {PAPERS_DEMOS})"
    return words + (f"; {others} of other models do not fit its head" if others else "")


def _start_obstacle(
    model: ModelInfo | None, demos: Sequence[EpisodeInfo] | str, learner: Learner | None, *, is_asking: bool
) -> str:
    if is_asking:
        return "waiting for an answer"
    if learner is None:
        return "the learner was not heard yet: is the graph running?"
    if learner.task and learner.state != "failed":
        return f"{learner.task} is under way: finish it first"
    if model is None:
        return "choose a model; supervised rounds on the Rounds page make them"
    if isinstance(demos, str):
        return demos
    if not usable(demos, model.model_hash):
        return "no demo buffer: run episodes of kind zero_shot with this model and label its successes"
    return ""


def _finish_obstacle(learner: Learner | None, *, is_asking: bool) -> str:
    if is_asking:
        return "waiting for an answer"
    if learner is None or not learner.task:
        return "no stage 1 is under way"
    if learner.state == "failed":
        return "the learner failed: there is nothing to write; start it again"
    return ""
