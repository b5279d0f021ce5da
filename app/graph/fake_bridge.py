"""A graph that is made up: `irevla dashboard --demo`, the tests of controllers, the pictures in the README."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from irevla.app.graph.bridge import Answer, Cancel, JobEnd, Progress, no_answer, no_wake
from irevla.app.graph.facts import Fact
from irevla.app.graph.requests import Job, Request, TeleopInput

KEPT_REQUESTS = 1000


class FakePart(Protocol):
    """One part of the made-up graph, e.g. the store; all parts see everything that is asked."""

    def facts(self, now_s: float) -> Sequence[Fact]:
        """Return what this part has to tell now; called at least ten times a second."""

    def answer(self, request: Request, now_s: float) -> Answer | None:
        """Return this part's answer, None where another part must answer."""


class FakeJob(Protocol):
    """A made-up job under way."""

    def progress(self, now_s: float, is_cancelled: bool) -> Progress | JobEnd | None:
        """Return what there is to tell now; the end is told once."""


class JobMaker(Protocol):
    """A part that can also do jobs."""

    def start(self, job: Job, now_s: float) -> FakeJob | None:
        """Return the job under way, None where another part does it."""


class FakeBridge:
    """Asks its parts; answers come with the next `take`, as those of a real graph do."""

    def __init__(
        self,
        clock: Callable[[], float],
        parts: Sequence[FakePart],
        jobs: Sequence[JobMaker] = (),
        cameras: tuple[str, ...] = ("front", "wrist"),
    ) -> None:
        self.cameras = cameras
        self.asked: list[Request | Job] = []
        """What was asked lately, newest last."""
        self.hands: TeleopInput | None = None
        self._clock, self._parts, self._jobs = clock, parts, jobs
        self._due: list[Callable[[], None]] = []
        self._running: list[_Running] = []

    def start(self, wake: Callable[[], None] = no_wake) -> None:
        """Nothing has to be started, and answers come with the next `take`."""

    def take(self) -> Sequence[Fact]:
        """Return the facts of every part."""
        now_s = self._clock()
        due, self._due = self._due, []
        for call in due:
            call()
        self._running = [job for job in self._running if not job.report(now_s)]
        return [fact for part in self._parts for fact in part.facts(now_s)]

    def ask(self, request: Request, on_answer: Callable[[Answer], None] = no_answer) -> None:
        """Have the first part that can answer it."""
        self._note(request)
        answers = (part.answer(request, self._clock()) for part in self._parts)
        found = next((answer for answer in answers if answer is not None), None)
        answer = found or Answer(False, f"nobody in the made-up graph answers {type(request).__name__}")
        self._due.append(lambda: on_answer(answer))

    def run(self, job: Job, on_progress: Callable[[Progress], None], on_end: Callable[[JobEnd], None]) -> Cancel:
        """Start the job of the first part that can do it."""
        self._note(job)
        starts = (maker.start(job, self._clock()) for maker in self._jobs)
        found = next((start for start in starts if start is not None), None)
        if found is None:
            end = JobEnd(False, f"nobody in the made-up graph does {type(job).__name__}")
            self._due.append(lambda: on_end(end))
            return lambda: None
        running = _Running(found, on_progress, on_end)
        self._running.append(running)
        return running.cancel

    def send(self, hands: TeleopInput) -> None:
        """Keep what is held down for whoever asks."""
        self.hands = hands

    def close(self) -> None:
        """Forget what is due."""
        self._due.clear()
        self._running.clear()

    def _note(self, asked: Request | Job) -> None:
        self.asked.append(asked)
        del self.asked[:-KEPT_REQUESTS]


class _Running:
    def __init__(self, job: FakeJob, on_progress: Callable[[Progress], None], on_end: Callable[[JobEnd], None]) -> None:
        self._job, self._on_progress, self._on_end = job, on_progress, on_end
        self._is_cancelled = False

    def cancel(self) -> None:
        self._is_cancelled = True

    def report(self, now_s: float) -> bool:
        """Tell what is new; returns whether the job has ended."""
        news = self._job.progress(now_s, self._is_cancelled)
        if isinstance(news, JobEnd):
            self._on_end(news)
            return True
        if news is not None:
            self._on_progress(news)
        return False
