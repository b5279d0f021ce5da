"""What the index knows of an episode, a label's history, and what verify finds."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal

from irevla.training.store.episode import EpisodeMeta

State = Literal["open", "closed", "aborted", "damaged"]
ProblemKind = Literal["torn", "missing", "unindexed", "foreign", "drift", "damaged"]


@dataclass(frozen=True)
class EpisodeRecord:
    """One episode in the index."""

    meta: EpisodeMeta
    state: State  # only "closed" can be labelled; a label counts only while the state is "closed"
    label: str  # "success" | "failure" | "discard" | ""
    steps: int  # closed steps; 0 while open (they are in the file)
    terminated: bool  # a real end; always true of a success
    truncated: bool
    reason: str  # why aborted, damaged or recovered; else ""
    change: int  # number of its last entry in the label log; 0 without one
    sha256: str  # of the file; "" while open
    path: Path
    label_by: str = ""  # who gave the label; "" without one
    label_delay_s: float | None = None  # from the end to the first label; None where not measured, here and below
    reset_s: float | None = None  # from the request to the first step
    run_s: float | None = None  # from the first step to the end

    @property
    def episode_id(self) -> str:
        """The id, as in the meta."""
        return self.meta.episode_id

    def as_dict(self) -> dict[str, str | int | float | bool | None]:
        """Return what `irevla episodes --json` prints: the meta's fields and the record's."""
        own = {field.name: getattr(self, field.name) for field in fields(self) if field.name not in ("meta", "path")}
        return {**asdict(self.meta), **own, "path": str(self.path)}


@dataclass(frozen=True)
class LabelChange:
    """One entry of the append-only label log."""

    change: int  # grows by one with every entry of the store
    episode_id: str
    old: str  # "" means unlabelled, here and in new
    new: str
    who: str
    when_ns: int  # wall clock, ns since 1970
    delay_s: float | None = None  # from the episode's end to its first label; None for a relabel


@dataclass(frozen=True)
class Problem:
    """One thing that verify found; repair mends all but "damaged" files that have no good copy."""

    kind: ProblemKind
    episode_id: str  # "" for a foreign file
    path: Path
    detail: str
