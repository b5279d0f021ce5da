"""What a person sees while the demo runs: one bar for the whole job with its ETA, one for the phase."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn


class JobConsole:
    """Two progress bars on standard error; phases are weighted by the minutes they usually take."""

    def __init__(self, weights: dict[str, float]) -> None:
        self._weights = weights
        self._done = 0.0
        self._phase = ""
        self._progress = Progress(
            TextColumn("{task.description:<28}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f}%"),
            TimeElapsedColumn(),
            TextColumn("ETA"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}"),
            console=Console(stderr=True),
            speed_estimate_period=120.0,
        )
        self._whole: TaskID = self._progress.add_task("whole job", total=sum(weights.values()), note="")
        self._part: TaskID = self._progress.add_task("", total=1.0, note="", visible=False)

    def __enter__(self) -> JobConsole:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def begin(self, phase: str) -> None:
        """Show ``phase`` as under way."""
        self._phase = phase
        self._progress.reset(self._part, description=phase, total=1.0, note="", visible=True)
        if not self._progress.console.is_terminal:
            self._progress.console.print(f"{phase} …")

    def advance(self, fraction: float, note: str = "") -> None:
        """Show how far the phase is, in [0, 1], with a few words."""
        self._progress.update(self._part, completed=min(fraction, 1.0), note=note)
        self._progress.update(self._whole, completed=self._done + min(fraction, 1.0) * self._weights[self._phase])

    def end(self, phase: str, note: str = "") -> None:
        """Mark ``phase`` as finished; also right for one that an earlier sitting finished."""
        self._done += self._weights[phase]
        self._progress.update(self._whole, completed=self._done)
        self._progress.console.print(f"{phase}: {note}" if note else f"{phase}: done")
