"""What a job's work is given: its spec, its folder, its suite, whom to tell, and whether it should stop."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from irevla.training.benchmark.jobs.job_folder import JobFolder
from irevla.training.benchmark.jobs.job_spec import JobProgress, JobSpec
from irevla.training.benchmark.json_lines import append_line
from irevla.training.suites.suite import Suite


class StoppedError(Exception):
    """The job was told to stop; what it saved last is its state."""


@dataclass(frozen=True)
class JobContext:
    """One sitting of a job."""

    spec: JobSpec
    folder: JobFolder
    suite: Suite
    say: Callable[[JobProgress], None]
    is_stopped: Callable[[], bool]
    begun_s: float = field(default_factory=time.monotonic)

    def report(self, fraction: float, note: str, facts: Mapping[str, Any] | None = None) -> None:
        """Tell how far the job is, in [0, 1], and write that down with ``facts``."""
        sitting_s = round(time.monotonic() - self.begun_s, 2)
        append_line(self.folder.progress, {"sitting_s": sitting_s, "fraction": round(fraction, 4), **(facts or {})})
        self.say(JobProgress(fraction=min(max(fraction, 0.0), 1.0), note=note))

    def check(self) -> None:
        """Raise StoppedError when the job should stop."""
        if self.is_stopped():
            raise StoppedError
