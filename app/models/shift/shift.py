"""Tells from the facts what happens in a shift: one event a change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from irevla.app.graph.facts import Arbiter, Command, EpisodeClosed, EpisodeNow, Fact, Phase, Source
from irevla.app.models.shift.event import ShiftEvent

MARK_S = 20.0  # so often at least the shift's file says that the graph is still heard


class Shift:
    """What was told last; the first fact of each sort is a change. ``stamp_s`` is the wall clock's, since 1970."""

    def __init__(self) -> None:
        self._episode = (-1, "")
        self._hold: str | None = None
        self._silent: tuple[str, ...] = ()
        self._steps, self._teleop_steps, self._last_step = 0, 0, -1
        self._counted = ""  # the episode that the steps belong to
        self._told_s = float("-inf")

    def take(self, fact: Fact, silent: Sequence[str], stamp_s: float) -> list[ShiftEvent]:
        """Return what a fact changes; ``silent``: nodes that fell silent, as of now."""
        events = [*self._changes(fact, stamp_s), *self._silence(tuple(silent), stamp_s)]
        if not events and stamp_s - self._told_s >= MARK_S:
            events = [ShiftEvent(stamp_s=stamp_s, kind="mark")]
        if events:
            self._told_s = stamp_s
        return events

    def _changes(self, fact: Fact, stamp_s: float) -> Iterator[ShiftEvent]:
        match fact:
            case EpisodeNow() if (fact.state, fact.episode_id) != self._episode:
                self._episode = (fact.state, fact.episode_id)
                is_counted = fact.episode_id == self._counted and fact.state != Phase.RUNNING
                yield ShiftEvent(
                    stamp_s=stamp_s,
                    kind="phase",
                    phase=fact.state,
                    episode_id=fact.episode_id,
                    task=fact.task,
                    mode=fact.mode,
                    episode_kind=fact.kind,
                    steps=self._steps if is_counted else 0,
                    teleop_steps=self._teleop_steps if is_counted else 0,
                )
            case EpisodeClosed():
                yield ShiftEvent(
                    stamp_s=stamp_s,
                    kind="label",
                    episode_id=fact.episode_id,
                    task=fact.task,
                    episode_kind=fact.kind,
                    label=fact.label,
                    steps=fact.steps,
                )
            case Arbiter() if self._hold != (reason := (fact.reason or "no reason given") if fact.hold else ""):
                is_first, self._hold = self._hold is None, reason
                if reason or not is_first:
                    yield ShiftEvent(stamp_s=stamp_s, kind="hold", reason=reason)
            case Command():
                self._count(fact)
            case _:
                pass

    def _silence(self, silent: tuple[str, ...], stamp_s: float) -> Iterator[ShiftEvent]:
        if silent != self._silent:
            self._silent = silent
            yield ShiftEvent(stamp_s=stamp_s, kind="silent", reason=", ".join(silent))

    def _count(self, command: Command) -> None:
        """Count a step once; in lockstep a command may be said again."""
        if command.episode_id != self._counted:
            self._counted, self._last_step = command.episode_id, -1
            self._steps, self._teleop_steps = 0, 0
        if command.hold or command.step <= self._last_step:
            return
        self._last_step = command.step
        self._steps += 1
        self._teleop_steps += command.source == Source.TELEOP
