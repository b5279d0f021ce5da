"""What a person sees while an experiment runs: a bar for the whole with its ETA and one a job, or plain lines."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from irevla.training.benchmark.plan import Job

LINE_EVERY_S = 30.0


class ExperimentConsole:
    """A crew's watcher on standard error. Use as a context manager."""

    def __init__(
        self,
        jobs: Sequence[Job],
        console: Console | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._console = console or Console(stderr=True)
        self._weights = {job.name: job.weight for job in jobs}
        self._fractions = dict.fromkeys(self._weights, 0.0)
        self._is_live = self._console.is_terminal
        self._bars = Progress(
            TextColumn("{task.description}"), BarColumn(24), TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(), TextColumn("{task.fields[note]}"),
            console=self._console, disable=not self._is_live,
        )  # fmt: skip
        self._whole = self._bars.add_task("whole experiment", total=1.0, note="")
        self._tasks: dict[str, TaskID] = {}
        self._begun_s = self._told_s = clock()
        self._begun_share = 0.0

    def __enter__(self) -> ExperimentConsole:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def begun(self, job: str) -> None:
        """Show a job as under way."""
        self._tasks[job] = self._bars.add_task(job, total=1.0, note="")
        if not self._is_live:
            self._console.print(f"{job}: begun", markup=False, highlight=False, soft_wrap=True)

    def advanced(self, job: str, fraction: float, note: str) -> None:
        """Show how far a job is."""
        self._fractions[job] = fraction
        self._bars.update(self._tasks[job], completed=fraction, note=escape(note))
        self._show_whole()
        now = self._clock()
        if not self._is_live and now - self._told_s >= LINE_EVERY_S:
            self._told_s = now
            line = f"{self._share():.0%}, {self._eta()}; {job}: {fraction:.0%} {note}"
            self._console.print(line, markup=False, highlight=False, soft_wrap=True)

    def ended(self, job: str, note: str, *, is_done: bool) -> None:
        """Take a job's bar away and say how it ended."""
        if is_done:
            self._fractions[job] = 1.0
        if job in self._tasks:
            self._bars.remove_task(self._tasks.pop(job))
            text = f"{job}: {'done' if is_done else 'NOT DONE'}{f', {note}' if note else ''}"
            self._console.print(text, markup=False, highlight=False, soft_wrap=True)
        elif is_done:  # by an earlier sitting, so it says nothing about this one's pace
            self._begun_share = self._share()
        else:
            self._console.print(f"{job}: NOT DONE, {note}", markup=False, highlight=False, soft_wrap=True)
        self._show_whole()

    def _show_whole(self) -> None:
        self._bars.update(self._whole, completed=self._share(), note=self._eta())

    def _share(self) -> float:
        done = sum(self._weights[job] * fraction for job, fraction in self._fractions.items())
        return done / sum(self._weights.values())

    def _eta(self) -> str:
        share = self._share()
        if share <= self._begun_share:
            return "time left unknown"
        left_s = (self._clock() - self._begun_s) * (1 - share) / (share - self._begun_share)
        return f"about {left_s / 60:.0f} min left" if left_s >= 90 else f"about {left_s:.0f} s left"
