"""Supervised rounds: choose, begin, follow, cancel, resume."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from irevla.app.controllers.desk import Desk
from irevla.app.controllers.episode_collector import EpisodeCollector
from irevla.app.controllers.page import Shown
from irevla.app.graph.bridge import Cancel, JobEnd, Progress, TrainProgress
from irevla.app.graph.records import EpisodeInfo
from irevla.app.graph.requests import ListEpisodes, TrainRound
from irevla.app.models.learning.series import Series
from irevla.app.models.rounds.lineage_book import LineageBook
from irevla.app.models.rounds.round_job import LossCurve, RoundJob, RoundStatus, round_elsewhere, unattached
from irevla.app.models.rounds.round_plan import (
    ONLINE_KINDS,
    RoundChoice,
    RoundData,
    RoundForm,
    proposed_id,
    round_form,
    train_round,
)


@dataclass(frozen=True)
class TrainingState:
    """One field a part of the view."""

    form: RoundForm
    status: RoundStatus
    curve: LossCurve


class TrainingView(Protocol):
    """What the controller needs of the view; each ``set_`` is a field of TrainingState."""

    def on_choice(self, call: Callable[[str, Any], None]) -> None:
        """Have ``call`` called with a field of RoundChoice and its new value."""

    def on_start(self, call: Callable[[], None]) -> None:
        """Have ``call`` called when the person wants the round to begin."""

    def on_cancel(self, call: Callable[[], None]) -> None:
        """Have ``call`` called when the person wants it to end."""

    def on_resume(self, call: Callable[[], None]) -> None:
        """Have ``call`` called when the person wants it to go on."""


class TrainingController:
    """A part of the Rounds page; ``on_end`` is called after every round."""

    def __init__(self, desk: Desk, view: TrainingView, on_end: Callable[[], None], now: Callable[[], datetime]) -> None:
        self._desk, self._on_end, self._now = desk, on_end, now
        self._shown = Shown(view)
        self._choice = RoundChoice(0, proposed_id(0, now()))
        self._proposed = self._choice.round_id
        self._book, self._selected = LineageBook(), ""
        self._data: RoundData | str = "looking for successes in the store"
        self._collector = EpisodeCollector(desk.bridge, self._on_episodes, self._on_refused)
        self._job: RoundJob | None = None
        self._cancel: Cancel | None = None
        self._no_curve = LossCurve(Series(2, capacity=0).rows())
        view.on_choice(self.choose)
        view.on_start(self.start)
        view.on_cancel(self.cancel)
        view.on_resume(self.resume)

    @property
    def share(self) -> float | None:
        """How much of the running round is done; None while none runs."""
        return self._job.share if self._job is not None and self._job.is_running else None

    def show(self, book: LineageBook, selected: str) -> None:
        """Bring the view up to date; stage 2 starts from the selected model."""
        self._book, self._selected = book, selected
        rig, job = self._desk.rig, self._job
        self._shown.show(
            TrainingState(
                form=self._form(),
                status=unattached(rig, book) if job is None else job.status(),
                curve=self._no_curve if job is None else job.curve,
            )
        )

    def count(self) -> None:
        """Look again for what a round can learn from."""
        kinds = ("demo", *ONLINE_KINDS)
        self._collector.collect([ListEpisodes(kind=kind, label="success") for kind in kinds])

    def choose(self, field: str, value: Any) -> None:
        """Note what the person has chosen; a name that was only proposed follows the stage."""
        self._choice = replace(self._choice, **{field: value})
        if field == "stage" and self._choice.round_id == self._proposed:
            self._propose()

    def start(self) -> None:
        """Begin the round as it is shown."""
        parent = self._book.model(self._selected)
        form = self._form()
        if form.obstacle or isinstance(self._data, str):
            self._desk.tell("bad", form.obstacle)
            return
        self._run(train_round(self._choice, self._data, parent))

    def cancel(self) -> None:
        """End the running round after its present step."""
        if self._job is not None and self._cancel is not None and self._job.is_running:
            self._job.is_cancelling = True
            self._cancel()

    def resume(self) -> None:
        """Ask for the same round again: it goes on from its last saved step."""
        if self._job is not None and not self._busy():
            self._run(self._job.job)

    def _run(self, asked: TrainRound) -> None:
        job = self._job = RoundJob(asked)

        def on_progress(progress: Progress) -> None:
            if isinstance(progress, TrainProgress):
                job.take(progress)

        def on_end(end: JobEnd) -> None:
            job.end(end)
            self._propose()
            self._desk.tell("info" if end.is_cancelled else "good" if end.success else "bad", job.status().words)
            self._on_end()

        self._cancel = self._desk.bridge.run(asked, on_progress, on_end)

    def _form(self) -> RoundForm:
        book, settings = self._book, self._desk.settings.rounds
        return round_form(self._choice, self._data, book.model(self._selected), book, settings, self._busy())

    def _busy(self) -> str:
        if self._job is not None and self._job.is_running:
            return f"{self._job.job.round_id} is under way: one round at a time"
        name, progress = round_elsewhere(self._desk.rig)
        is_mine = self._job is not None and self._job.job.round_id == name  # its diagnosis lags behind its end
        return f"{name} is under way ({progress}): one round at a time" if name and not is_mine else ""

    def _propose(self) -> None:
        self._proposed = proposed_id(self._choice.stage, self._now())
        self._choice = replace(self._choice, round_id=self._proposed)

    def _on_episodes(self, found: tuple[EpisodeInfo, ...]) -> None:
        self._data = RoundData.of(found)

    def _on_refused(self, message: str) -> None:
        self._data = message
