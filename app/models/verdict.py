"""A label that was given while its episode still ran: the episode ends first."""

from __future__ import annotations

from dataclasses import dataclass

from irevla.app.graph.facts import EpisodeNow, Phase

SETTLE_S = 1.0  # what is pressed so soon after an episode began to run was meant for what came before
VERDICT_S = (
    10.0  # the episode has ended within this, or the label is not given: the person may think of another by then
)


@dataclass(frozen=True)
class Verdict:
    """What the person said, and of which episode."""

    episode_id: str
    label: str
    until_s: float

    def is_void(self, episode: EpisodeNow, now_s: float) -> bool:
        """Say whether the label must not be given any more."""
        return now_s > self.until_s or episode.episode_id != self.episode_id or episode.phase == Phase.IDLE

    @staticmethod
    def is_due(episode: EpisodeNow) -> bool:
        """Say whether the episode can take its label; an automatic operator may have given one, which this corrects."""
        return episode.phase in (Phase.AWAITING_LABEL, Phase.SAVED)
