"""The Learning page: follows stage 1, begins it and ends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from irevla.app.controllers.desk import Desk
from irevla.app.controllers.episode_collector import EpisodeCollector
from irevla.app.controllers.page import Shown
from irevla.app.graph.bridge import Answer
from irevla.app.graph.facts import EpisodeClosed, Fact, Learner
from irevla.app.graph.records import EpisodeInfo, EpisodePage, Lineage, Made
from irevla.app.graph.requests import FinishTask, ListEpisodes, ListModels, LoadModel, Request, StartTask
from irevla.app.models.learning.learning_history import LearningHistory
from irevla.app.models.learning.learning_state import learning_state
from irevla.app.models.learning.stage1_form import Stage1Choice, checkpoint_path, stage1_form, usable
from irevla.app.models.learning.stage2_gate import stage2_gate
from irevla.app.models.question import Question
from irevla.app.models.rounds.lineage_book import LineageBook

PERIOD_S = 0.1


class LearningView(Protocol):
    """What the controller needs of the view; each ``set_`` is a field of LearningState."""

    def on_choice(self, call: Callable[[str, Any], None]) -> None:
        """Have ``call`` called with a field of Stage1Choice and its new value."""

    def on_start(self, call: Callable[[], None]) -> None:
        """Have ``call`` called when the person wants stage 1 to begin."""

    def on_finish(self, call: Callable[[], None]) -> None:
        """Have ``call`` called when the person wants stage 1 to end."""

    def confirm(self, question: Question, call: Callable[[str], None]) -> None:
        """Ask, and call ``call`` with the reason given unless the answer is no; returns at once."""


class LearningController:
    """See Page."""

    def __init__(self, desk: Desk, view: LearningView, now: Callable[[], datetime] = datetime.now) -> None:
        """``now`` is the wall clock, for the checkpoint's name."""
        self._desk, self._view, self._now = desk, view, now
        self._shown = Shown(view)
        self._shown_s = float("-inf")
        self._history = LearningHistory(desk.settings.dashboard.success_window)
        self._choice = Stage1Choice(task=desk.tasks[0] if desk.tasks else "")
        self._book = LineageBook()
        self._collector = EpisodeCollector(desk.bridge, self._on_demos, self._on_demos)
        self._demos: tuple[EpisodeInfo, ...] | str = "looking for zero-shot successes"
        self._is_asking = False
        view.on_choice(self.choose)
        view.on_start(self.start)
        view.on_finish(self.finish)

    def take(self, fact: Fact) -> None:
        """See Page."""
        before = self._history.task
        self._history.take(fact)
        if isinstance(fact, Learner) and self._history.task != before:
            self._recall(fact)
            self.choose("task", fact.task)
        elif isinstance(fact, EpisodeClosed) and fact.kind == "zero_shot" and fact.task == self._choice.task:
            self._count_demos()

    def show(self, now_s: float) -> None:
        """See Page; at most ten times a second."""
        if now_s - self._shown_s < PERIOD_S:
            return
        self._shown_s = now_s
        rig, settings = self._desk.rig, self._desk.settings.dashboard
        form = stage1_form(
            self._choice, self._desk.tasks, self._book, self._demos, rig.learner, is_asking=self._is_asking
        )
        self._shown.show(learning_state(rig, self._history, form, settings, now_s))

    def opened(self) -> None:
        """See Page."""
        self._desk.ask(ListModels(), on_success=self._on_models)
        self._count_demos()

    def choose(self, field: str, value: Any) -> None:
        """Note what the person has chosen: a field of Stage1Choice and its value."""
        self._choice = replace(self._choice, **{field: value})
        if field == "task":
            self._count_demos()

    def start(self) -> None:
        """Have the policy serve the chosen model, then the learner begin with it."""
        choice, model = self._choice, self._book.model(self._choice.model_hash)
        if model is None or isinstance(self._demos, str) or self._is_asking:
            return
        begin = StartTask(
            task=choice.task, model=model.path, demo_episodes=usable(self._demos, model.model_hash), seed=choice.seed
        )
        done = f"stage 1 of {choice.task} has begun: run episodes of kind rl, and it learns from each label"
        self._ask(
            LoadModel(path=model.path, sha256=model.model_hash),
            lambda _: self._ask(begin, lambda _: self._desk.tell("good", done)),
        )

    def finish(self) -> None:
        """End stage 1 after a question that says what the gate thinks of it."""
        learner, window = self._desk.rig.learner, self._history.window
        model = self._book.model(self._choice.model_hash) or self._book.promoted
        if learner is None or model is None:
            self._desk.tell("bad", "stage 1 cannot end: no model is listed, so there is no place for its checkpoint")
            return
        gate = stage2_gate(learner, window.successes, window.episodes, self._desk.settings.dashboard)
        out = checkpoint_path(model.path, learner.task, self._now())
        question = Question(
            title=f"Finish stage 1 of {learner.task}?",
            words=f"Stage 1 is {gate.verdict}. It ends, and its checkpoint goes to {out}",
            yes="Finish stage 1",
            is_risky=not gate.is_ready,
        )
        self._view.confirm(question, lambda _: self._ask(FinishTask(out=out), self._on_finished))

    def _ask(self, request: Request, on_success: Callable[[Answer], None]) -> None:
        self._is_asking = True

        def on_answer(answer: Answer) -> None:
            self._is_asking = False
            if answer.success:
                on_success(answer)
            else:
                self._desk.tell("bad", answer.message or f"{type(request).__name__} was refused without a reason")

        self._desk.bridge.ask(request, on_answer)

    def _count_demos(self) -> None:
        self._demos = "looking for zero-shot successes"
        self._collector.collect([ListEpisodes(task=self._choice.task, kind="zero_shot", label="success")])

    def _on_demos(self, found: tuple[EpisodeInfo, ...] | str) -> None:
        self._demos = found

    def _on_models(self, answer: Answer) -> None:
        if isinstance(answer.result, Lineage):
            self._book = LineageBook(answer.result)
            promoted = self._book.promoted
            if not self._choice.model_hash and promoted is not None:
                self.choose("model_hash", promoted.model_hash)

    def _on_finished(self, answer: Answer) -> None:
        made = answer.result if isinstance(answer.result, Made) else Made()
        self._desk.tell("good", f"stage 1 is written: {made.path}; next, stage 2 on the Rounds page")
        self._desk.ask(ListModels(), on_success=self._on_models)

    def _recall(self, learner: Learner) -> None:
        """Ask for the newest RL episodes of a stage 1 that was under way before this window was opened."""
        count = min(self._desk.settings.dashboard.success_window, learner.online_episodes)
        if not count:
            return

        def on_answer(answer: Answer) -> None:
            if isinstance(answer.result, EpisodePage):
                self._history.recall(learner.task, answer.result.episodes)

        self._desk.bridge.ask(ListEpisodes(task=learner.task, kind="rl", limit=count), on_answer)
