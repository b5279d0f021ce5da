"""What the events of a shift add up to while they come: episodes, and what the time went into."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from irevla.app.graph.facts import Phase
from irevla.app.models.health.remedies import remedy_for
from irevla.app.models.shift.event import ShiftEvent
from irevla.app.models.shift.shift import MARK_S

Use = Literal["reset", "run", "label", "idle", "held", "silent", "away"]
LONGEST_GAP_S = 3 * MARK_S  # without any event the window was closed, or heard nothing
USES: dict[int, Use] = {
    Phase.IDLE: "idle",
    Phase.RESETTING: "reset",
    Phase.READY: "reset",
    Phase.RUNNING: "run",
    Phase.AWAITING_LABEL: "label",
    Phase.SAVED: "idle",
}


@dataclass
class Episode:
    """One episode of the shift; durations [s] are None where its beginning or end was not seen."""

    episode_id: str
    task: str
    kind: str
    mode: str = ""
    label: str = ""
    steps: int = 0
    teleop_steps: int = 0
    reset_s: float | None = None  # resetting and ready, until it runs
    run_s: float | None = None
    label_s: float | None = None  # awaiting its label
    began_s: dict[Use, float] = field(default_factory=dict, repr=False)

    def enter(self, phase: Phase, stamp_s: float) -> None:
        """Note a state; a state told again is no new beginning."""
        self.began_s.setdefault(USES[phase], stamp_s)
        reset_s, run_s, label_s = (self.began_s.get(use) for use in ("reset", "run", "label"))
        if phase == Phase.RUNNING and reset_s is not None and self.reset_s is None:
            self.reset_s = stamp_s - reset_s
        if phase in (Phase.AWAITING_LABEL, Phase.SAVED) and run_s is not None and self.run_s is None:
            self.run_s = stamp_s - run_s
        if phase == Phase.SAVED and label_s is not None and self.label_s is None:
            self.label_s = stamp_s - label_s


@dataclass(frozen=True)
class Segment:
    """A stretch of the shift that went into one thing."""

    start_s: float
    end_s: float
    use: Use
    cause: str = ""  # of held and silent


class ShiftRecord:
    """Takes the events in order; a clock that was set back makes no time run backwards."""

    def __init__(self) -> None:
        self.episodes: dict[str, Episode] = {}
        self.segments: list[Segment] = []
        self.start_s: float | None = None
        self._last_s = 0.0
        self._phase: int | None = None
        self._hold = self._silent = ""

    def take(self, event: ShiftEvent) -> None:
        """Add an event."""
        stamp_s = max(event.stamp_s, self._last_s)
        if self.start_s is None:
            self.start_s = stamp_s
        else:
            self.segments = _joined(self.segments, self._since_last(stamp_s, is_away=event.kind == "opened"))
        self._last_s = stamp_s
        match event.kind:
            case "opened":
                self._phase, self._hold, self._silent = None, "", ""
            case "phase":
                self._phase = event.phase
                self._enter(event, stamp_s)
            case "label":
                self._label(event)
            case "hold":
                self._hold = event.reason
            case "silent":
                self._silent = event.reason
            case "mark":
                pass

    def segments_until(self, now_s: float) -> list[Segment]:
        """Return what the time went into, up to now."""
        if self.start_s is None or now_s <= self._last_s:
            return list(self.segments)
        return _joined(list(self.segments), self._since_last(now_s))

    def _since_last(self, stamp_s: float, *, is_away: bool = False) -> Segment:
        """Return the stretch since the last event. The arm that runs is at work whatever else is silent."""
        start_s = self._last_s
        if is_away or stamp_s - start_s > LONGEST_GAP_S or self._phase is None:
            return Segment(start_s, stamp_s, "away")
        if self._hold:
            return Segment(start_s, stamp_s, "held", cause_of(self._hold))
        if self._silent and self._phase != Phase.RUNNING:
            return Segment(start_s, stamp_s, "silent", self._silent)
        return Segment(start_s, stamp_s, USES.get(self._phase, "idle"))

    def _enter(self, event: ShiftEvent, stamp_s: float) -> None:
        if not event.episode_id or event.phase not in USES:
            return
        episode = self._episode(event)
        episode.mode = event.mode or episode.mode
        episode.steps = max(episode.steps, event.steps)
        episode.teleop_steps = max(episode.teleop_steps, event.teleop_steps)
        episode.enter(Phase(event.phase), stamp_s)

    def _label(self, event: ShiftEvent) -> None:
        """Take a label; a relabel of an episode of another day is no work of this shift."""
        known = self.episodes.get(event.episode_id)
        if known is not None:
            known.label, known.steps = event.label, max(known.steps, event.steps)

    def _episode(self, event: ShiftEvent) -> Episode:
        made = Episode(event.episode_id, event.task, event.episode_kind)
        return self.episodes.setdefault(event.episode_id, made)


def _joined(segments: list[Segment], last: Segment) -> list[Segment]:
    """Append a stretch, or lengthen the last one where it goes on with the same; changes ``segments``."""
    if last.end_s <= last.start_s:
        return segments
    if segments and (segments[-1].use, segments[-1].cause) == (last.use, last.cause):
        last = Segment(segments.pop().start_s, last.end_s, last.use, last.cause)
    segments.append(last)
    return segments


def cause_of(reason: str) -> str:
    """Return why the arm was held in words that are the same for the same cause: without numbers and advice."""
    remedy = remedy_for(reason)
    if remedy is not None:
        return remedy.cause
    words = re.sub(r"\([^)]*\)|for [\d.]+ s\b", "", reason.partition(";")[0][:200])
    return " ".join(re.sub(r"-?\d+(\.\d+)?", "…", words).split()) or "no reason given"
