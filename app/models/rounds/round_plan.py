"""A supervised round before it begins: what it learns from, and why it cannot begin."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from irevla.app.graph.records import EpisodeInfo, ModelInfo
from irevla.app.graph.requests import TrainRound
from irevla.app.models.rounds.lineage_book import LineageBook
from irevla.config.rounds import RoundSettings

ROUND_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")  # it names a folder, too
ONLINE_KINDS = ("zero_shot", "rl")
Stage = Literal[0, 2]
Place = Literal["local", "remote"]


@dataclass(frozen=True)
class RoundChoice:
    """What the person has chosen; ``steps`` 0 is the configured number, ``left_out`` tasks give nothing to D_RL."""

    stage: Stage
    round_id: str
    steps: int = 0
    seed: int = 0
    left_out: frozenset[str] = frozenset()
    where: Place = "local"


@dataclass(frozen=True)
class RoundData:
    """Successes of the store: (task, id) of each, by kind."""

    expert: tuple[tuple[str, str], ...] = ()
    zero_shot: tuple[tuple[str, str], ...] = ()
    rl: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, episodes: Iterable[EpisodeInfo]) -> RoundData:
        """Sort successes by kind; other kinds are for no round."""
        found: dict[str, list[tuple[str, str]]] = {"demo": [], "zero_shot": [], "rl": []}
        for episode in episodes:
            if episode.label == "success" and episode.kind in found:
                found[episode.kind].append((episode.task, episode.episode_id))
        return cls(*(tuple(sorted(found[kind])) for kind in ("demo", *ONLINE_KINDS)))

    @property
    def online_tasks(self) -> tuple[tuple[str, int], ...]:
        """Tasks with something for D_RL, and how much."""
        return tuple(sorted(Counter(task for task, _ in self.zero_shot + self.rl).items()))

    def without(self, tasks: frozenset[str]) -> RoundData:
        """Return the same with D_RL of the other tasks only; D_e is always whole."""
        return RoundData(
            self.expert,
            tuple(entry for entry in self.zero_shot if entry[0] not in tasks),
            tuple(entry for entry in self.rl if entry[0] not in tasks),
        )


@dataclass(frozen=True)
class RoundForm:
    """The form as the view shows it; ``tasks`` are (name, episodes, is chosen)."""

    stage: Stage
    parent: str
    round_id: str
    steps: int
    usual_steps: int  # what 0 stands for
    seed: int
    tasks: tuple[tuple[str, int, bool], ...]
    expert: str
    online: str
    where: Place
    cluster: str  # address of the cluster; "" when none is configured
    note: str  # what the round's name means, when it is not new
    obstacle: str  # why it cannot begin; "" when it can


def proposed_id(stage: Stage, now: datetime) -> str:
    """Return a name that no other round has."""
    return f"stage{stage}-{now:%Y%m%d-%H%M%S}"


def train_round(choice: RoundChoice, data: RoundData, parent: ModelInfo | None) -> TrainRound:
    """Return what the sft node is asked; D_e is every expert success in any stage."""
    chosen = data.without(choice.left_out)
    is_stage2 = choice.stage == 2
    return TrainRound(
        round_id=choice.round_id,
        stage=choice.stage,
        parent=parent.path if is_stage2 and parent is not None else "",
        expert_episodes=tuple(name for _, name in chosen.expert),
        online_episodes=tuple(name for _, name in chosen.zero_shot + chosen.rl) if is_stage2 else (),
        steps=choice.steps,
        seed=choice.seed,
        where="" if choice.where == "local" else choice.where,
    )


def round_form(
    choice: RoundChoice,
    data: RoundData | str,
    parent: ModelInfo | None,
    book: LineageBook,
    settings: RoundSettings,
    busy: str,
) -> RoundForm:
    """Return the form; ``data`` may be why it is not known, ``busy`` what must end first."""
    known = RoundData() if isinstance(data, str) else data
    chosen = known.without(choice.left_out)
    zero_shot, rl = len(chosen.zero_shot), len(chosen.rl)
    earlier = book.round(choice.round_id)
    return RoundForm(
        stage=choice.stage,
        parent=book.name(parent.model_hash) if parent is not None else "none: click one on the board",
        round_id=choice.round_id,
        steps=choice.steps,
        usual_steps=settings.stage2_steps if choice.stage == 2 else settings.stage0_steps,
        seed=choice.seed,
        tasks=tuple((task, count, task not in choice.left_out) for task, count in known.online_tasks),
        expert=data if isinstance(data, str) else _expert_words(chosen.expert),
        online=f"{zero_shot + rl:,} successes: {zero_shot:,} zero-shot, {rl:,} of RL" if choice.stage == 2 else "none",
        where=choice.where,
        cluster=settings.remote.address,
        note="" if earlier is None or earlier.model_hash else "this round was begun before: it goes on where it was",
        obstacle=busy or _obstacle(choice, data, chosen, parent, book),
    )


def _expert_words(expert: Sequence[tuple[str, str]]) -> str:
    tasks = len({task for task, _ in expert})
    return f"{len(expert):,} demonstrations of {tasks} task{'s' * (tasks != 1)}"


def _obstacle(
    choice: RoundChoice, data: RoundData | str, chosen: RoundData, parent: ModelInfo | None, book: LineageBook
) -> str:
    if isinstance(data, str):
        return data
    if not ROUND_ID.fullmatch(choice.round_id):
        return "the name: expected 1 to 128 letters, digits, _ - or . (it names a folder)"
    earlier = book.round(choice.round_id)
    if earlier is not None and earlier.model_hash:
        return f"{choice.round_id} has made {book.name(earlier.model_hash)}: choose another name"
    if not chosen.expert:
        return "D_e is empty: record demonstrations and label their successes first"
    if choice.stage == 0:
        return ""
    if parent is None:
        return "stage 2 starts from a model: click one on the board"
    if not parent.exists:
        return f"the directory of {book.name(parent.model_hash)} is missing: copy it back to {parent.path}"
    if not chosen.zero_shot + chosen.rl:
        return "D_RL is empty: stage 2 learns from what stage 1 found; run stage 1, or choose more tasks"
    return ""
