"""A row of demonstrations: what to ask of the session, and when. Free of ROS and of the terminal; time comes in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from irevla.app.graph.bridge import Answer, Bridge
from irevla.app.graph.facts import Arbiter, Button, EpisodeClosed, EpisodeNow, Fact, Phase, Teleop
from irevla.app.graph.records import Made
from irevla.app.graph.requests import ConfirmReset, Hold, LabelEpisode, Request, Resume, StartEpisode, StopEpisode
from irevla.app.recording.commands import LABELLED, waits_for_objects
from irevla.app.recording.labels import LABELS, Labels

LOST_S = 5.0  # the session says where it is twice a second
DISCOVERY_S = 5.0  # who is heard first is not yet who can be asked: discovery goes topic by topic
MOVE_TIMEOUT_S = 30.0
SETTLE_S = 0.5  # what is pressed so soon after an episode begins was meant for what came before
UNDER_WAY = (Phase.RESETTING, Phase.READY, Phase.RUNNING)
OVER = (Phase.IDLE, Phase.SAVED)


@dataclass(frozen=True)
class Asked:
    """A request of the row that is under way; those go one after the other."""

    request: Request
    asked_s: float
    is_granted: bool = False  # the answer is there, but the session has not yet said where it is now


class Recorder:
    """Starts the next episode when the last is labelled, until ``count`` succeeded or somebody stops."""

    def __init__(self, bridge: Bridge, first: StartEpisode, count: int | None, who: str) -> None:
        """``first`` is what starts the first episode; each that is kept moves on to the next seed."""
        self.task = first.task
        self.count = count
        self.who = who  # labels
        self.labels = Labels()
        self.session: EpisodeNow | None = None
        self.teleop: Teleop | None = None
        self.note = ""  # what a person should know, in plain words
        self.failure = ""  # why the row cannot go on
        self.is_over = False
        self._bridge, self._first = bridge, first
        self._has_arbiter = False
        self._mine: set[str] = set()
        self._wanted: LabelEpisode | None = None  # waits for its episode's end
        self._asked: Asked | None = None
        self._now_s = self._found_s = self._heard_s = self._changed_s = 0.0
        self._is_paused = False
        self._is_stopping = False

    @property
    def successes(self) -> int:
        """How many succeeded so far."""
        return self.labels.count(self.task, "success")

    @property
    def steers(self) -> bool:
        """Whether an episode of this row runs."""
        return self.session is not None and self.session.phase == Phase.RUNNING and not self._is_foreign(self.session)

    def turn(self, now_s: float) -> None:
        """Take what the graph has told and do what is due; call it many times a second."""
        self._now_s = now_s
        for fact in self._bridge.take():
            self._hear(fact)
        if self.session is None:
            self.is_over = self._is_stopping
        elif not self.is_over:
            self._do_what_is_due(self.session)

    def press(self, command: str) -> None:
        """Take a key's or a button's command; one that means nothing now does nothing."""
        session = self.session
        if command == "hold":
            self._send(Hold())
        elif command == "resume":
            self._send(Resume())
        elif command == "stop":
            self.stop()
        elif session is None or self._is_foreign(session):
            return
        elif command == "undo":
            self._undo()
        elif command == "start":
            self._start(session)
        elif session.phase == Phase.RUNNING and self._now_s - self._changed_s < SETTLE_S:
            self.note = f"{command} came as the episode began and was not taken; press again"
        elif session.phase in LABELLED and command in (*LABELS, "done"):
            if command != "done":
                self._wanted = LabelEpisode(episode_id=session.episode_id, label=command, who=self.who)
            if session.phase == Phase.RUNNING:
                self._ask(StopEpisode())

    def stop(self) -> None:
        """Start no more; an episode under way is ended, and what awaits its label keeps waiting."""
        self._is_stopping = True

    def _hear(self, fact: Fact) -> None:
        match fact:
            case Arbiter():
                self._has_arbiter = True
            case EpisodeNow() if self._has_arbiter:
                self._follow(fact)
            case EpisodeClosed():
                self.labels.take(fact)
                wanted = self._wanted
                if wanted is not None and (wanted.episode_id, wanted.label) == (fact.episode_id, fact.label):
                    self._wanted = None
            case Teleop():
                self.teleop = fact
            case Button() if fact.command != "hold":  # the teleop node has called the arbiter already
                self.press(fact.command)

    def _follow(self, session: EpisodeNow) -> None:
        before, self.session = self.session, session
        self._heard_s = self._now_s
        if before is None:
            self._found_s = self._changed_s = self._now_s
            self._look_first(session)
        elif (before.phase, before.episode_id) != (session.phase, session.episode_id):
            self._changed_s = self._now_s
            if before.phase in UNDER_WAY and session.phase == Phase.IDLE:
                self._wanted = None
                self._pause(f"nothing of the episode was kept: {session.detail}")

    def _look_first(self, session: EpisodeNow) -> None:
        if session.phase in UNDER_WAY:
            self._fail(
                f"the session is busy: an episode of {session.task} ({session.mode}) is {session.phase.words}; wait "
                "for its end, or end it with the service session/stop; nothing was started"
            )
        elif session.phase == Phase.AWAITING_LABEL:
            self.note = f"an earlier episode of {session.task} awaits its label"

    def _do_what_is_due(self, session: EpisodeNow) -> None:
        if self._now_s - self._heard_s > LOST_S:
            self._fail(
                f"the session has been silent for {LOST_S:.0f} s; is the graph still running? What was recorded is in "
                "its store, and an episode that awaits its label is offered at the next `irevla record`"
            )
        elif self._asked is None or self._is_settled(self._asked):
            self._asked = None
            self._go_on(session)

    def _go_on(self, session: EpisodeNow) -> None:
        wanted = self._wanted
        if wanted is not None and wanted.episode_id == session.episode_id and session.phase not in UNDER_WAY:
            self._ask(wanted)
        elif self._is_stopping:
            self._end(session)
        elif session.phase in OVER and not self._is_paused:
            if self.count is not None and self.successes >= self.count:
                self.is_over = True
            else:
                kept = self.successes + self.labels.count(self.task, "failure")
                self._ask(replace(self._first, seed=self._first.seed + kept))

    def _start(self, session: EpisodeNow) -> None:
        if waits_for_objects(session):
            self._send(ConfirmReset())
        elif session.phase in OVER:
            self._is_paused, self.note = False, ""

    def _undo(self) -> None:
        if self.labels.last:
            self._send(LabelEpisode(episode_id=self.labels.last, label="undo", who=self.who))
        else:
            self.note = "no label was given in this row yet"

    def _end(self, session: EpisodeNow) -> None:
        if session.phase in UNDER_WAY and not self._is_foreign(session):
            self._ask(StopEpisode())
            return
        if session.phase == Phase.AWAITING_LABEL:
            self.note = (
                f"the episode {session.episode_id} of {session.task} is stored and awaits its label; "
                "it is offered at the next `irevla record`"
            )
        self.is_over = True

    def _is_foreign(self, session: EpisodeNow) -> bool:
        """Say whether somebody else's episode is under way."""
        return session.phase in UNDER_WAY and session.episode_id not in self._mine

    def _ask(self, request: Request) -> None:
        """Send a request of the row, unless the one before is still under way."""
        if self._asked is None:
            self._asked = Asked(request, self._now_s)
            self._send(request)

    def _send(self, request: Request) -> None:
        self._bridge.ask(request, partial(self._take_answer, request))

    def _take_answer(self, request: Request, answer: Answer) -> None:
        if self._asked is not None and self._asked.request is request:
            if not answer.is_there and self._now_s - self._found_s < DISCOVERY_S:
                self._send(request)
                return
            waits = answer.success and isinstance(request, StartEpisode | StopEpisode)
            self._asked = replace(self._asked, is_granted=True) if waits else None
        if request == self._wanted:
            self._wanted = None
        if isinstance(answer.result, Made) and isinstance(request, StartEpisode):
            self._mine.add(answer.result.episode_id)
        self._is_paused |= isinstance(request, StartEpisode) and not answer.success
        self.note = "" if answer.success and not isinstance(request, Resume) else answer.message

    def _is_settled(self, asked: Asked) -> bool:
        """Say whether the request is done with: the session has moved on since, or never will."""
        if self._now_s - asked.asked_s > MOVE_TIMEOUT_S:
            self._pause(f"the session was asked for {MOVE_TIMEOUT_S:.0f} s to go on and has not moved; see its log")
            return True
        return asked.is_granted and self._changed_s > asked.asked_s

    def _pause(self, why: str) -> None:
        self.note, self._is_paused = why, True

    def _fail(self, why: str) -> None:
        self.failure, self.is_over = why, True
