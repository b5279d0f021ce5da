"""One episode as a row of the table: every number in plain words."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Literal

from irevla.app.graph.records import EpisodeInfo

Tone = Literal["good", "bad", "warn", "muted", ""]
NONE = "–"
LABEL_TONES: dict[str, Tone] = {"success": "good", "failure": "bad", "discard": "muted"}


@dataclass(frozen=True)
class Column:
    """A column's head; ``about`` explains it, ``widest`` is about as wide as its cells get."""

    title: str
    about: str
    widest: str
    is_number: bool = False


COLUMNS = (
    Column("", "the last step, first camera", ""),
    Column("when", "when the episode began", "28 Sep 23:58"),
    Column("task", "name of the task", "pick_green_block"),
    Column("label", "the label, and who gave it", "success · anna"),
    Column("kind", "demo, zero_shot, rl or eval", "zero_shot"),
    Column("mode", "who acts: policy, teleop or expert", "teleop"),
    Column("policy", "the model's hash and the version of its head", "7c1f09 v2000"),
    Column("steps", "closed steps", "60", is_number=True),
    Column("helped", "steps in which a person took over (interventions)", "60", is_number=True),
    Column("Q last", "what the critic thought of the last step: 0 failure, 1 success", "0.97", is_number=True),
    Column("disagree", "distance of label and critic: 1 is worst", "0.97", is_number=True),
    Column("delay", "from the episode's end to its first label", "12.5 s", is_number=True),
    Column("reset", "from the request to the first step", "12.5 s", is_number=True),
)
THUMBNAIL, TASK, LABEL, Q_LAST, DISAGREEMENT = 0, 2, 3, 9, 10  # places in COLUMNS


@dataclass(frozen=True)
class EpisodeRow:
    """``cells`` stand under COLUMNS; the first one is the thumbnail's."""

    episode_id: str
    cells: tuple[str, ...]
    tone: Tone  # of the label
    thumbnail: bytes  # JPEG, may be empty
    about: str  # tooltip


def episode_row(info: EpisodeInfo) -> EpisodeRow:
    """Return the row of an episode."""
    words, tone = label_words(info)
    cells = (
        "",
        when(info.created),
        info.task,
        words,
        info.kind,
        info.mode,
        policy_words(info),
        str(info.steps),
        str(info.intervention_steps) if info.intervention_steps else NONE,
        number(info.q_last, 2),
        number(info.disagreement, 2),
        seconds(info.label_delay_s),
        seconds(info.reset_s),
    )
    about = "\n".join(line for line in (info.instruction, info.episode_id, info.reason) if line)
    return EpisodeRow(info.episode_id, cells, tone, info.thumbnail, about)


def label_words(info: EpisodeInfo) -> tuple[str, Tone]:
    """Return the label and who gave it; of an episode that has none, why."""
    if info.label:
        words = f"{info.label} · {info.label_by}" if info.label_by else info.label
        return words, LABEL_TONES.get(info.label, "")
    if info.state == "closed":
        return "unlabelled", "warn"
    return info.state, "bad" if info.state == "damaged" else "muted"


def policy_words(info: EpisodeInfo) -> str:
    """Return which policy acted."""
    return f"{info.model_hash[:6]} v{info.weights_version}" if info.model_hash else NONE


def when(stamp_s: float) -> str:
    """Return a time since 1970 as a person here writes it."""
    return time.strftime("%d %b %H:%M", time.localtime(stamp_s))


def number(value: float, digits: int) -> str:
    """Return a number; NaN was not measured."""
    return NONE if math.isnan(value) else f"{value:.{digits}f}"


def seconds(value: float) -> str:
    """Return a duration; NaN was not measured."""
    return NONE if math.isnan(value) else f"{value:.1f} s"
