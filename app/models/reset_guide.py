"""How the person puts the objects back: what to do, and how long it takes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from irevla.app.graph.facts import EpisodeNow, Phase
from irevla.app.models.episode_desk import is_guided

KEPT = 5  # last times that are shown and taken the mean of


@dataclass(frozen=True)
class GuideState:
    """The reset guide; all but ``times`` is empty while nothing waits."""

    is_waiting: bool
    words: str
    waited: str
    has_scene: bool
    times: str


class ResetGuide:
    """Follows the episode; times are those of the facts."""

    def __init__(self) -> None:
        self._waits_for = ""  # id of the episode whose objects are put back
        self._since_s = 0.0
        self._trouble = ""
        self._has_scene = False
        self._times_s: deque[float] = deque(maxlen=KEPT)

    @property
    def waits_for(self) -> str:
        """The episode that waits for its objects, "" when none does."""
        return self._waits_for

    def take(self, episode: EpisodeNow) -> bool:
        """Follow the episode; returns whether another one, or none any more, waits for its objects."""
        waits_for = episode.episode_id if is_guided(episode) else ""
        if waits_for == self._waits_for:
            return False
        if self._waits_for and episode.episode_id == self._waits_for and episode.phase != Phase.IDLE:
            # Confirmed; an episode that was given up is idle.
            self._times_s.append(episode.received_s - self._since_s)
        self._waits_for, self._since_s = waits_for, episode.received_s
        self._trouble, self._has_scene = "", False
        return True

    def scene_came(self, trouble: str) -> None:
        """Note that the scene can be shown, or why there is none."""
        self._trouble, self._has_scene = trouble, not trouble

    def state(self, now_s: float) -> GuideState:
        """Return what there is to show."""
        times = ""
        if self._times_s:
            mean_s = sum(self._times_s) / len(self._times_s)
            each = ", ".join(f"{time_s:.0f}" for time_s in self._times_s)
            times = f"last resets {each} s, mean {mean_s:.0f} s"
        if not self._waits_for:
            return GuideState(False, "", "", False, times)
        waited_s = max(0, int(now_s - self._since_s))
        return GuideState(
            is_waiting=True,
            words=self._words(),
            waited=f"{waited_s // 60}:{waited_s % 60:02d}",
            has_scene=self._has_scene,
            times=times,
        )

    def _words(self) -> str:
        if self._has_scene:
            return "the shadow in the picture shows where"
        return self._trouble
