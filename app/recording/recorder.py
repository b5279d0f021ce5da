"""A row of demonstrations: what to ask of the session, and when. Free of ROS and of the terminal; time comes in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, Protocol

from irevla.app.recording.demonstrations import LABELS, Demonstrations, Label, SessionNow

LOST_S = 5.0  # the session says where it is twice a second
ANSWER_TIMEOUT_S = 30.0
SETTLE_S = 0.5  # what is pressed so soon after an episode begins was meant for what came before


@dataclass(frozen=True)
class Request:
    """One request to the graph; those of the episode go one after the other."""

    kind: Literal["start", "confirm", "stop", "label", "hold", "resume"]
    episode_id: str = ""
    label: str = ""
    number: int = 0  # start: how many demonstrations are kept; one that was thrown away is done again as it was


@dataclass(frozen=True)
class Asked:
    """A request of the episode that is under way."""

    request: Request
    asked_s: float
    is_granted: bool = False  # the answer is there, but the session has not yet said where it is now


class Desk(Protocol):
    """Where requests are handed in."""

    def ask(self, request: Request) -> None:
        """Send it and return at once; the answer comes as `Recorder.answered`."""


class Recorder:
    """Starts the next episode when the last is labelled, until ``count`` succeeded or somebody stops."""

    def __init__(self, task: str, count: int | None, desk: Desk, now_s: float) -> None:
        self.task = task
        self.count = count
        self.demonstrations = Demonstrations()
        self.session: SessionNow | None = None
        self.note = ""  # what a person should know, in plain words
        self.failure = ""  # why the row cannot go on
        self.is_over = False
        self._desk = desk
        self._mine: set[str] = set()
        self._wanted: tuple[str, Label] | None = None  # a label that waits for its episode's end
        self._asked: Asked | None = None
        self._heard_s = self._changed_s = now_s
        self._is_paused = False
        self._is_stopping = False

    @property
    def successes(self) -> int:
        """How many succeeded so far."""
        return self.demonstrations.count(self.task, "success")

    @property
    def steers(self) -> bool:
        """Whether an episode of this row runs."""
        return self.session is not None and self.session.phase == "running" and not self._is_foreign(self.session)

    def hear(self, session: SessionNow, now_s: float) -> None:
        """Take one `session/state`."""
        self._heard_s = now_s
        before, self.session = self.session, session
        if before is None:
            self._look_first(session)
        if before is None or (before.phase, before.episode_id) != (session.phase, session.episode_id):
            self._changed_s = now_s
            if before is not None and before.is_under_way and session.phase == "idle":
                self._wanted = None
                self._pause(f"nothing of the episode was kept: {session.detail}")

    def closed(self, episode_id: str, task: str, label: str) -> None:
        """Take one `session/closed`."""
        self.demonstrations.closed(episode_id, task, label)
        if self._wanted == (episode_id, label):
            self._wanted = None

    def press(self, command: str, now_s: float) -> None:
        """Take a key's or a button's command; one that means nothing now does nothing."""
        session = self.session
        if command == "hold":
            self._desk.ask(Request("hold"))
        elif command == "resume":
            self._desk.ask(Request("resume"))
        elif command == "stop":
            self.stop()
        elif session is None or self._is_foreign(session):
            return
        elif command == "undo":
            self._undo()
        elif command == "start":
            self._start(session)
        elif session.phase == "running" and now_s - self._changed_s < SETTLE_S:
            self.note = f"{command} came as the episode began and was not taken; press again"
        elif command in LABELS and session.phase in ("running", "awaiting label"):
            self._wanted = (session.episode_id, command)
            if session.phase == "running":
                self._ask(Request("stop"), now_s)
        elif command == "done" and session.phase == "running":
            self._ask(Request("stop"), now_s)

    def stop(self) -> None:
        """Start no more; an episode under way is ended, and what awaits its label keeps waiting."""
        self._is_stopping = True

    def answered(self, request: Request, is_done: bool, message: str) -> None:
        """Take the answer to a request."""
        if self._asked is not None and self._asked.request == request:
            waits = is_done and request.kind in ("start", "stop")
            self._asked = replace(self._asked, is_granted=True) if waits else None
        if self._wanted == (request.episode_id, request.label):
            self._wanted = None
        if is_done and request.kind == "start":
            self._mine.add(message)
        self._is_paused |= request.kind == "start" and not is_done
        self.note = "" if is_done and request.kind != "resume" else message

    def tick(self, now_s: float) -> None:
        """Do what is due; call it many times a second."""
        session = self.session
        if session is None or self.is_over:
            return
        if now_s - self._heard_s > LOST_S:
            self._fail(
                f"the session has been silent for {LOST_S:.0f} s; is the graph still running? What was recorded is in "
                "its store, and an episode that awaits its label is offered at the next `irevla record`"
            )
        elif self._asked is None or self._is_settled(self._asked, now_s):
            self._asked = None
            self._go_on(session, now_s)

    def _go_on(self, session: SessionNow, now_s: float) -> None:
        if self._wanted is not None and self._wanted[0] == session.episode_id and not session.is_under_way:
            self._ask(Request("label", *self._wanted), now_s)
        elif self._is_stopping:
            self._end(session, now_s)
        elif session.phase in ("idle", "saved") and not self._is_paused:
            if self.count is not None and self.successes >= self.count:
                self.is_over = True
            else:
                self._ask(Request("start", number=self._kept), now_s)

    @property
    def _kept(self) -> int:
        return self.successes + self.demonstrations.count(self.task, "failure")

    def _is_settled(self, asked: Asked, now_s: float) -> bool:
        """Say whether the request is done with: the session has moved on since, or nobody answers."""
        if now_s - asked.asked_s > ANSWER_TIMEOUT_S:
            self._pause(f"no answer to {asked.request.kind} within {ANSWER_TIMEOUT_S:.0f} s; see the session's log")
            return True
        return asked.is_granted and self._changed_s > asked.asked_s

    def _look_first(self, session: SessionNow) -> None:
        if session.is_under_way:
            self._fail(
                f"the session is busy: an episode of {session.task} ({session.mode}) is {session.phase}; wait for its "
                "end, or end it with the service session/stop; nothing was started"
            )
        elif session.phase == "awaiting label":
            self.note = f"an earlier episode of {session.task} awaits its label"

    def _start(self, session: SessionNow) -> None:
        if session.waits_for_objects:
            self._desk.ask(Request("confirm"))
        elif session.phase in ("idle", "saved"):
            self._is_paused, self.note = False, ""

    def _undo(self) -> None:
        last = self.demonstrations.last
        if last:
            self._desk.ask(Request("label", last, "undo"))
        else:
            self.note = "no label was given in this row yet"

    def _end(self, session: SessionNow, now_s: float) -> None:
        if session.is_under_way and not self._is_foreign(session):
            self._ask(Request("stop"), now_s)
            return
        if session.phase == "awaiting label":
            self.note = (
                f"the episode {session.episode_id} of {session.task} is stored and awaits its label; "
                "it is offered at the next `irevla record`"
            )
        self.is_over = True

    def _is_foreign(self, session: SessionNow) -> bool:
        """Say whether somebody else's episode is under way."""
        return session.is_under_way and session.episode_id not in self._mine

    def _ask(self, request: Request, now_s: float) -> None:
        if self._asked is None:
            self._asked = Asked(request, now_s)
            self._desk.ask(request)

    def _pause(self, why: str) -> None:
        self.note, self._is_paused = why, True

    def _fail(self, why: str) -> None:
        self.failure, self.is_over = why, True
