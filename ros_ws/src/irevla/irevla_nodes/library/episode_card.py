"""One episode as a list shows it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from irevla.training.store.episode_record import EpisodeRecord
from irevla.training.store.index.episode_summary import EpisodeSummary

State = Literal["open", "closed", "aborted", "damaged"]
UNREAD = EpisodeSummary(intervention_steps=0, q_last=math.nan, has_images=False)


@dataclass(frozen=True)
class EpisodeCard:
    """What the index says, and what is in the file."""

    record: EpisodeRecord
    summary: EpisodeSummary = UNREAD  # of an open episode, or a file that cannot be read, nothing is known
    problem: str = ""  # why the file cannot be read, though the index knows nothing of it yet

    @property
    def state(self) -> State:
        """As the record's; "damaged" also where that has only just been found."""
        return "damaged" if self.problem else self.record.state

    @property
    def reason(self) -> str:
        """Why aborted, damaged or recovered; else ""."""
        return self.problem or self.record.reason

    @property
    def disagreement(self) -> float:
        """How far the critic is from the label; NaN when either is missing."""
        return self.summary.disagreement(self.record.label)
