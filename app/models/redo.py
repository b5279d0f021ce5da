"""One press that takes several phases: an episode is thrown away and begun once more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from irevla.app.graph.facts import EpisodeNow, Phase
from irevla.app.models.episode_desk import STOPS
from irevla.app.models.plan import Plan

REDO_S = 10.0  # the arm begins again within this, or not at all: nobody expects it later
Step = Literal["stop", "discard", "start", "wait", "give up"]


@dataclass
class Redo:
    """Stop, discard, start: each once, as soon as its phase has come."""

    episode_id: str
    plan: Plan
    until_s: float
    is_stopped: bool = False
    is_discarded: bool = False

    def step(self, episode: EpisodeNow, now_s: float) -> Step:
        """Return what to do now; an episode that was stopped before its first step is idle, with nothing to discard."""
        if now_s > self.until_s:
            return "give up"
        if episode.phase == Phase.IDLE or (episode.phase == Phase.SAVED and self.is_discarded):
            return "start"
        if episode.episode_id != self.episode_id:
            return "give up"
        if episode.phase in STOPS:
            before, self.is_stopped = self.is_stopped, True
            return "wait" if before else "stop"
        return "wait" if self.is_discarded else "discard"
