"""A supervised round under way: how far it is, its loss, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass

from irevla.app.graph.bridge import JobEnd, TrainProgress
from irevla.app.graph.requests import TrainRound
from irevla.app.models.learning.series import Rows, Series
from irevla.app.models.rig import Rig
from irevla.app.models.rounds.lineage_book import LineageBook
from irevla.app.models.when import duration_words


@dataclass(frozen=True, eq=False)
class LossCurve:
    """Step and loss, shape (rows, 2)."""

    rows: Rows


@dataclass(frozen=True)
class RoundStatus:
    """What the view shows of the round; ``share`` None while nothing was started from this window."""

    words: str
    tone: str
    share: float | None
    is_running: bool
    can_resume: bool


class RoundJob:
    """One round that this window has started."""

    def __init__(self, job: TrainRound) -> None:
        self.job = job
        self.is_cancelling = False
        self._progress: TrainProgress | None = None
        self._end: JobEnd | None = None
        self._losses = Series(2)
        self.curve = LossCurve(self._losses.rows())

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._end is None

    @property
    def share(self) -> float:
        """How much of it is done, 0 to 1."""
        if self._end is not None and self._end.success:
            return 1.0
        return 0.0 if self._progress is None else self._progress.step / max(self._progress.steps, 1)

    def take(self, progress: TrainProgress) -> None:
        """Note how far it is."""
        self._progress = progress
        if progress.phase in ("", "training"):
            self._losses.add((progress.step, progress.loss))
            self.curve = LossCurve(self._losses.rows())

    def end(self, end: JobEnd) -> None:
        """Note how it ended."""
        self._end = end

    def status(self) -> RoundStatus:
        """Return it in words."""
        return RoundStatus(
            words=self._words(),
            tone="" if self._end is None or self._end.is_cancelled else "good" if self._end.success else "bad",
            share=self.share,
            is_running=self.is_running,
            can_resume=self._end is not None and not self._end.success,
        )

    def _words(self) -> str:
        name, end, progress = self.job.round_id, self._end, self._progress
        if end is not None and end.is_cancelled:
            return f"{name}: {end.message}"
        if end is not None and end.success:
            return f"{name} is done after {duration_words(end.wall_s)}: {end.path}"
        if end is not None:
            return f"{name} failed: {end.message or 'no reason was given'}"
        if self.is_cancelling:
            return f"{name} is being cancelled; it ends after its present step"
        if progress is None:
            return f"{name} has been asked for; the worker reads the episodes"
        if progress.phase in ("uploading", "downloading"):
            return f"{name}: {progress.phase}, {progress.step:,} of {progress.steps:,} MB"
        if progress.phase == "reading":
            return f"{name}: the worker reads the episodes"
        cost = f", cost so far {progress.cost:.2f}" if progress.cost else ""
        return (
            f"{name}: step {progress.step:,} of {progress.steps:,}, loss {progress.loss:.4f}, "
            f"{progress.samples_per_s:.0f} samples/s, {duration_words(progress.eta_s)} left{cost}"
        )


def round_elsewhere(rig: Rig) -> tuple[str, str]:
    """Return name and progress of the round that the sft node says it works on; ("", "") when it does none."""
    for name, diagnosis in rig.diagnoses.items():
        values = dict(diagnosis.values)
        if name.rpartition("/")[2] == "sft" and values.get("round"):
            return values["round"], f"step {values.get('step', '?')} of {values.get('of_steps', '?')}"
    return "", ""


def unattached(rig: Rig, book: LineageBook) -> RoundStatus:
    """Return what is known while this window has started no round itself."""
    name, progress = round_elsewhere(rig)
    if name:
        words = f"{name} is at {progress}. This window did not start it, so it has no curve and cannot cancel it; "
        return RoundStatus(words + "refresh when it is done.", "", None, True, False)
    if book.unfinished:
        words = f"{book.unfinished[0].round_id} has made no model: it was cancelled, cut off, or still runs. "
        words += "The same name with the same stage, parent, data, steps and seed goes on where it was."
        return RoundStatus(words, "warn", None, False, False)
    return RoundStatus("No round is under way. One that is goes on when this window is closed.", "", None, False, False)
