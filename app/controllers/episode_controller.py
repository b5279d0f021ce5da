"""The episode's controls: start, stop, label, undo; one press does one thing once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Literal, Protocol

from irevla.app.controllers.desk import Desk
from irevla.app.controllers.page import Shown
from irevla.app.graph.bridge import Answer, no_answer
from irevla.app.graph.facts import EpisodeClosed, EpisodeNow, Fact, Phase
from irevla.app.graph.records import EpisodePage
from irevla.app.graph.requests import ConfirmReset, LabelEpisode, ListEpisodes, Request, StopEpisode
from irevla.app.models.episode_desk import (
    FLASH_S,
    LABELS,
    STARTS,
    STOPS,
    EpisodeState,
    Flash,
    controls,
    flash_of,
    is_guided,
    label_words,
    not_now,
    situation,
    timing_words,
)
from irevla.app.models.plan import Plan, plan_of
from irevla.app.models.redo import REDO_S, Redo
from irevla.app.models.verdict import SETTLE_S, VERDICT_S, Verdict

Kind = Literal["go", "stop", "label"]


class EpisodeView(Protocol):
    """What the controller needs of the view; each ``set_`` is a field of EpisodeState."""

    def on_command(self, call: Callable[[str], None]) -> None:
        """Have ``call`` called with the command whose button was pressed."""

    def on_plan(self, call: Callable[[Plan], None]) -> None:
        """Have ``call`` called with the plan that the person has edited."""

    def on_next_by_itself(self, call: Callable[[bool], None]) -> None:
        """Have ``call`` called when the person turns the switch."""


def nothing_against() -> str:
    """Nothing speaks against a start."""
    return ""


class EpisodeController:
    """Part of a page; `commands` are those of the keys, and work whatever page is looked at.

    ``may_start`` returns why the next episode must not start, "" when it may: the pre-flight, a comparison under way.
    """

    def __init__(self, desk: Desk, view: EpisodeView, may_start: Callable[[], str] = nothing_against) -> None:
        self._desk, self._may_start = desk, may_start
        self._keys = desk.settings.dashboard.keys
        self._shown = Shown(view)
        self.plan = Plan(desk.tasks[0])
        self.commands: dict[str, Callable[[], None]] = {
            "go": self.go,
            "stop": self.stop,
            "undo": self.undo,
            **{label: partial(self.label, label) for label in LABELS},
        }
        self._before: Plan | None = None  # the demonstrations
        self._next_by_itself = desk.settings.dashboard.next_by_itself
        self._now_s = 0.0  # of the newest fact
        self._asked: set[Kind] = set()  # what waits for its answer
        self._labelled = ""  # the episode that was labelled last from here
        self._has_label = False
        self._again: Redo | None = None
        self._verdict: Verdict | None = None
        self._runs: tuple[str, float] = "", 0.0  # the episode that runs, and since when
        self._flash: Flash | None = None
        self._flash_until_s = 0.0
        self._last = ""
        view.on_command(lambda name: self.commands[name]())
        view.on_plan(self.choose)
        view.on_next_by_itself(self.set_next_by_itself)

    def take(self, fact: Fact) -> None:
        """See Page."""
        self._now_s = max(self._now_s, fact.received_s)
        if isinstance(fact, EpisodeClosed):
            self._has_label = bool(fact.label)
            if not fact.label and fact.episode_id == self._labelled:
                self._labelled = ""
        elif isinstance(fact, EpisodeNow):
            self._has_label |= fact.phase == Phase.SAVED
            if fact.phase == Phase.RUNNING and fact.episode_id != self._runs[0]:
                self._runs = fact.episode_id, fact.received_s
            self._advance()

    def show(self, now_s: float) -> None:
        """See Page."""
        self._now_s = max(self._now_s, now_s)
        self._shown.show(self.state(now_s))

    def opened(self) -> None:
        """Be looked at: who acts, and for what, is again as it was before the demonstrations."""
        before, self._before = self._before, None
        if before is not None:
            self.plan = replace(self.plan, mode=before.mode, kind=before.kind, explore=before.explore)

    def plan_demonstrations(self) -> None:
        """Have the next episodes be demonstrations, until the panel is looked at again."""
        self._before = self._before or self.plan
        self.plan = replace(self.plan, mode="teleop", kind="demo", explore=False)

    def state(self, now_s: float) -> EpisodeState:
        """Return what there is to show, to the episode's panel and to other pages."""
        rig = self._desk.rig
        words, hint = situation(rig, self.plan, self._keys)
        return EpisodeState(
            situation=words,
            hint=hint,
            controls=controls(rig, has_label=self._has_label, asked=self._asked),
            flash=self._flash if now_s < self._flash_until_s else None,
            plan=self.plan,
            next_by_itself=self._next_by_itself,
            last=self._last,
        )

    def choose(self, plan: Plan) -> None:
        """Have another plan for the next episode; another task has its own words."""
        self.plan = plan if plan.task == self.plan.task else replace(plan, instruction="")

    def set_next_by_itself(self, is_on: bool) -> None:
        """Have the next reset start by itself after a label, or not."""
        self._next_by_itself = is_on

    def go(self) -> None:
        """Start the next episode, or confirm that the objects are back."""
        rig = self._desk.rig
        self._again = None
        if is_guided(rig.episode):
            self._ask("go", ConfirmReset(), "the objects are back")
        elif rig.phase in STARTS:
            self._start(self.plan)
        else:
            self._desk.tell("bad", not_now(rig, self._keys))

    def stop(self) -> None:
        """End the episode that runs or is about to."""
        self._again = None
        if self._desk.rig.phase in STOPS:
            self._ask("stop", StopEpisode(), "stopped")
        else:
            self._desk.tell("bad", "there is nothing to stop: no episode runs")

    def label(self, label: str) -> None:
        """Label the episode that awaits it; one that still runs is ended first."""
        self._again = None
        rig = self._desk.rig
        if rig.phase == Phase.RUNNING and rig.episode is not None:
            self._end_with(label, rig.episode)
        elif rig.phase != Phase.AWAITING_LABEL or rig.episode is None:
            words = f"not now: {label} labels an episode that has ended"
            hint = f"; {self._keys.undo} takes the last label back" if self._has_label else ""
            self._desk.tell("bad", words + hint)
        elif rig.episode.episode_id != self._labelled:
            self._label(rig.episode.episode_id, label)

    def _end_with(self, label: str, episode: EpisodeNow) -> None:
        if self._now_s - self._runs[1] < SETTLE_S:
            self._desk.tell("bad", f"{label} came as the episode began and was not taken: press again")
            return
        self._verdict = Verdict(episode.episode_id, label, self._now_s + VERDICT_S)
        self._ask("stop", StopEpisode(), f"ended: {label}")

    def undo(self) -> None:
        """Take the last label back."""
        self._again = None

        def on_success(_: Answer) -> None:
            self._labelled = ""
            went_on = self._desk.rig.phase in STOPS or "go" in self._asked
            then = "it waits on the Episodes page" if went_on else label_words(self._keys)
            self._flash_up(Flash("accent", f"label taken back: {then}"))

        request = LabelEpisode(label="undo", who=self._desk.operator)
        self._ask("label", request, "the last label is taken back", on_success)

    def redo(self) -> None:
        """Throw the present episode away, labelled or not, and begin it again with the same seed."""
        episode = self._desk.rig.episode
        if episode is None or not episode.episode_id:
            self._desk.tell("bad", f"there is no episode to begin again: {self._keys.go} starts one")
            return
        self._again = Redo(episode.episode_id, plan_of(episode), self._now_s + REDO_S)
        self._advance()

    def _advance(self) -> None:
        """Go on with what was asked for in one press but takes several phases."""
        episode, again = self._desk.rig.episode, self._again
        if episode is None:
            return
        if self._verdict is not None:
            self._give(self._verdict, episode)
        elif again is not None:
            self._go_on(again, episode)
        elif self._next_by_itself and episode.phase == Phase.SAVED and episode.episode_id == self._labelled:
            self._start(self.plan)

    def _give(self, verdict: Verdict, episode: EpisodeNow) -> None:
        if verdict.is_void(episode, self._now_s):
            self._verdict = None
            self._desk.tell("bad", f"{verdict.label} was not given: the episode did not end as it should")
        elif verdict.is_due(episode):
            self._verdict = None
            self._label(verdict.episode_id, verdict.label)

    def _go_on(self, again: Redo, episode: EpisodeNow) -> None:
        step = again.step(episode, self._now_s)
        if step in ("start", "give up"):
            self._again = None
        match step:
            case "stop":
                self._ask("stop", StopEpisode(), "stopped, to begin again")
            case "discard":
                self._label(again.episode_id, "discard")
            case "start":
                self._start(again.plan)
            case "give up":
                self._desk.tell("bad", f"the episode does not begin again by itself: {self._keys.go} starts the next")

    def _start(self, plan: Plan) -> None:
        self._labelled = ""
        rig = self._desk.rig
        hold = rig.arbiter.reason if rig.arbiter is not None and rig.arbiter.hold else ""
        why_not = f"the arm is held ({hold}): resume it first" if rig.is_held else self._may_start()
        if why_not:
            self._desk.tell("bad", f"no episode is started: {why_not}")
            return

        def on_success(_: Answer) -> None:
            if self.plan.seed == plan.seed:
                self.plan = replace(self.plan, seed=plan.seed + 1)

        self._ask("go", plan.request(), f"{plan.words}: the arm is reset", on_success)

    def _label(self, episode_id: str, label: str) -> None:
        def on_success(_: Answer) -> None:
            self._labelled, self._has_label = episode_id, True
            self._flash_up(flash_of(label, self._keys.undo))
            self._ask_times(episode_id)
            if self._again is not None and label == "discard":
                self._again.is_discarded = True
            self._advance()

        awaits = self._desk.rig.phase == Phase.AWAITING_LABEL
        request = LabelEpisode(label=label, who=self._desk.operator, episode_id="" if awaits else episode_id)
        self._ask("label", request, "discarded" if label == "discard" else f"{label} saved", on_success)

    def _ask(self, kind: Kind, request: Request, done: str, on_success: Callable[[Answer], None] = no_answer) -> None:
        """Ask once: until the answer is there, the same press means nothing."""
        if kind in self._asked:
            return
        self._asked.add(kind)

        def on_answer(answer: Answer) -> None:
            self._asked.discard(kind)
            if not answer.success:
                self._again = self._verdict = None
                self._desk.tell("bad", answer.message or f"{type(request).__name__} was refused without a reason")
                return
            self._desk.tell("good" if kind == "label" else "info", done)
            on_success(answer)

        self._desk.bridge.ask(request, on_answer)

    def _ask_times(self, episode_id: str) -> None:
        """Show how long the label took; the session has measured it."""

        def on_answer(answer: Answer) -> None:
            episodes = answer.result.episodes if isinstance(answer.result, EpisodePage) else ()
            self._last = next((timing_words(info) for info in episodes if info.episode_id == episode_id), "")

        self._desk.bridge.ask(ListEpisodes(search=episode_id, limit=1), on_answer)

    def _flash_up(self, flash: Flash) -> None:
        self._flash, self._flash_until_s = flash, self._now_s + FLASH_S
