"""Runs the jobs of a plan in processes, as many as there are cores; what one dies of is told, the others go on."""

from __future__ import annotations

import queue
import time
from collections.abc import Sequence
from typing import Protocol

from irevla.training.benchmark.experiment import Experiment
from irevla.training.benchmark.job_process import WORKER, Heard, JobProcess, death
from irevla.training.benchmark.jobs.job_spec import JobDone, JobProgress, JobStopped
from irevla.training.benchmark.plan import Job
from irevla.training.round_spec import RoundFailed

LOOK_EVERY_S = 0.5
STOP_TIMEOUT_S = 60.0


class Watcher(Protocol):
    """Who is told how the jobs go."""

    def begun(self, job: str) -> None:
        """Hear that a job's process has started."""

    def advanced(self, job: str, fraction: float, note: str) -> None:
        """Hear how far it is, in [0, 1]."""

    def ended(self, job: str, note: str, *, is_done: bool) -> None:
        """Hear that it is done, or why it is not."""


class Crew:
    """One run over a plan. Jobs whose result is there are not run again."""

    def __init__(
        self,
        experiment: Experiment,
        jobs: Sequence[Job],
        watcher: Watcher,
        *,
        slots: int,
        command: Sequence[str] = WORKER,
        silence_timeout_s: float = 1800.0,
    ) -> None:
        """Use ``slots`` cores; a worker that says nothing for ``silence_timeout_s`` is ended."""
        self.failures: dict[str, str] = {}
        """Why a job is not done, by its name."""
        self._experiment = experiment
        self._watcher = watcher
        self._slots = slots
        self._command = command
        self._silence_timeout_s = silence_timeout_s
        self._waiting = list(jobs)
        self._done: set[str] = set()
        self._running: dict[str, JobProcess] = {}
        self._inbox: queue.SimpleQueue[Heard] = queue.SimpleQueue()

    def run(self) -> dict[str, str]:
        """Run every job that can be; return ``failures``. An interrupt ends the workers first, their states kept."""
        try:
            self._pass_over_done()
            while self._waiting or self._running:
                self._start_ready()
                self._listen()
                self._end_silent()
        finally:
            self._stop_all()
        return self.failures

    def _pass_over_done(self) -> None:
        """Leave out what is done, and what only such jobs needed."""
        needed: set[str] = set()
        for job in reversed(list(self._waiting)):
            is_wanted = job.spec.kind == "method" or job.name in needed
            if is_wanted and self._experiment.job(job.name).result() is None:
                needed.update(job.needs)
                continue
            self._waiting.remove(job)
            self._done.add(job.name)
            self._watcher.ended(job.name, "done before", is_done=True)

    def _start_ready(self) -> None:
        for job in list(self._waiting):
            missing = [name for name in job.needs if name in self.failures]
            is_ready = self._done.issuperset(job.needs) and not self._unfinished.intersection(job.after)
            if missing:
                self._waiting.remove(job)
                self._fail(job.name, f"left out, as it needs {missing[0]}")
            elif is_ready and self._free() >= min(job.spec.threads, self._slots):
                self._waiting.remove(job)
                folder = self._experiment.job(job.name)
                self._running[job.name] = JobProcess(folder, job.spec, self._inbox, self._command)
                self._watcher.begun(job.name)

    @property
    def _unfinished(self) -> set[str]:
        return {*self._running, *(job.name for job in self._waiting)}

    def _free(self) -> int:
        return self._slots - sum(process.threads for process in self._running.values())

    def _listen(self) -> None:
        try:
            process, message = self._inbox.get(timeout=LOOK_EVERY_S)
        except queue.Empty:
            return
        name = process.name
        if message is not None and name in self.failures:
            return  # last words of one that was given up
        if isinstance(message, JobProgress):
            self._watcher.advanced(name, message.fraction, message.note)
        elif isinstance(message, JobDone):
            self._done.add(name)
            self._watcher.ended(name, message.note, is_done=True)
        elif isinstance(message, JobStopped):
            self._fail(name, "stopped, its state is kept")
        elif isinstance(message, RoundFailed):
            self._fail(name, f"{message.error}: {message.message}; log: {process.folder.log}")
        elif name in self._running:
            status = process.close(STOP_TIMEOUT_S)
            del self._running[name]
            if name not in self._done and name not in self.failures:
                self._fail(name, f"{death(status)}; its state is kept; log: {process.folder.log}")

    def _end_silent(self) -> None:
        for name, process in self._running.items():
            if name not in self.failures and time.monotonic() - process.heard_s > self._silence_timeout_s:
                silence = f"said nothing for {self._silence_timeout_s:g} s and was ended"
                self._fail(name, f"{silence}; its state is kept; log: {process.folder.log}")
                process.stop()
                process.close(STOP_TIMEOUT_S)

    def _fail(self, name: str, reason: str) -> None:
        self.failures[name] = reason
        self._watcher.ended(name, reason, is_done=False)

    def _stop_all(self) -> None:
        for process in self._running.values():
            process.stop()
        for process in self._running.values():
            process.close(STOP_TIMEOUT_S)
