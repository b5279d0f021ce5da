"""The Demonstrations page: counts what is in the store, and records more of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from irevla.app.controllers.desk import Desk
from irevla.app.controllers.episode_controller import EpisodeController
from irevla.app.controllers.page import Shown
from irevla.app.graph.bridge import Answer
from irevla.app.graph.facts import EpisodeClosed, Fact, Phase
from irevla.app.graph.records import EpisodePage
from irevla.app.graph.requests import ListEpisodes
from irevla.app.models.demonstrations import DemonstrationsState, Tally, steering
from irevla.app.models.episode_desk import LABELS, STARTS


class DemonstrationsView(Protocol):
    """What the controller needs of the view; each ``set_`` is a field of DemonstrationsState."""

    def on_command(self, call: Callable[[str], None]) -> None:
        """Have ``call`` called with "go", "redo" or another command whose button was pressed."""

    def on_chosen(self, call: Callable[[str], None]) -> None:
        """Have ``call`` called with the task that the person has chosen."""

    def on_target(self, call: Callable[[int], None]) -> None:
        """Have ``call`` called with the number of demonstrations that the person wants of the chosen task."""


class DemonstrationsController:
    """Shares the plan, the labels and the confirmation with the episode's panel."""

    def __init__(self, desk: Desk, view: DemonstrationsView, episode: EpisodeController) -> None:
        self._desk, self._episode = desk, episode
        self._shown = Shown(view)
        self._tally = Tally(desk.tasks, desk.settings.dashboard.demo_target)
        self._due: deque[tuple[str, str]] = deque()  # task and label, to be counted in the store
        self._is_counting = False
        self._trouble = ""
        self._commands = {**episode.commands, "redo": episode.redo}
        view.on_command(lambda name: self._commands[name]())
        view.on_chosen(self._choose)
        view.on_target(lambda target: self._tally.set_target(episode.plan.task, target))

    def take(self, fact: Fact) -> None:
        """See Page."""
        if isinstance(fact, EpisodeClosed) and self._tally.close(fact):
            self._count((fact.task,))

    def show(self, now_s: float) -> None:
        """See Page."""
        rig, plan = self._desk.rig, self._episode.plan
        shared = self._episode.state(now_s)
        starts = rig.phase in STARTS
        self._shown.show(
            DemonstrationsState(
                counts=self._tally.rows(),
                chosen=plan.task,
                target=self._tally.target_of(plan.task),
                situation=shared.situation,
                hint=shared.hint,
                controls=replace(shared.controls, go="record") if starts else shared.controls,
                can_redo=rig.phase != Phase.IDLE,
                flash=shared.flash,
                steering=steering(rig.teleop, now_s),
                trouble=self._trouble,
            )
        )

    def opened(self) -> None:
        """Have the go key record from now on, and count everything anew."""
        self._episode.plan_demonstrations()
        self._count(self._desk.tasks)

    def _choose(self, task: str) -> None:
        self._episode.choose(replace(self._episode.plan, task=task))

    def _count(self, tasks: tuple[str, ...]) -> None:
        self._due.extend(pair for task in tasks for label in LABELS if (pair := (task, label)) not in self._due)
        if not self._is_counting:
            self._count_next()

    def _count_next(self) -> None:
        """Ask for one total at a time, so that no label has to wait behind a queue of questions."""
        self._is_counting = bool(self._due)
        if not self._due:
            return
        task, label = self._due.popleft()

        def on_answer(answer: Answer) -> None:
            if answer.success and isinstance(answer.result, EpisodePage):
                self._trouble = ""
                self._tally.set_total(task, label, answer.result.total)
            else:
                self._trouble = f"the store was not counted: {answer.message}"
                self._due.clear()
            self._count_next()

        self._desk.bridge.ask(ListEpisodes(task=task, kind="demo", label=label, limit=1), on_answer)
