"""`python -m irevla.training.benchmark.worker SPEC.json`: one job of an experiment in a process of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from irevla.training.benchmark.jobs.demonstrations import record_demonstrations
from irevla.training.benchmark.jobs.job_context import JobContext, StoppedError
from irevla.training.benchmark.jobs.job_folder import JobFolder
from irevla.training.benchmark.jobs.job_spec import JobDone, JobStopped
from irevla.training.folder_lock import FolderLock
from irevla.training.suites.suite import Suite, suite
from irevla.training.worker_process import LOCK_TIMEOUT_S, serve

ORPHAN_GRACE_S = 20.0  # below what the next worker waits for the folder's lock


def main(arguments: list[str], find_suite: Callable[[str], Suite] = suite) -> int:
    """Do the job of the spec in ``arguments``; returns the exit status."""

    def work(path: Path, say: Callable[[BaseModel], None], is_stopped: Callable[[], bool]) -> None:
        folder = JobFolder(path.parent)
        spec = folder.spec()
        with FolderLock(folder.path, LOCK_TIMEOUT_S):
            context = JobContext(spec, folder, find_suite(spec.settings.suite), say, is_stopped)
            try:
                result = _work(context)
            except StoppedError:
                say(JobStopped())
                return
            context.report(1.0, "done")
            folder.finish(result)
            say(JobDone(note=str(result.get("note", ""))))

    return serve(arguments, work, orphan_grace_s=ORPHAN_GRACE_S)


def _work(context: JobContext) -> dict[str, Any]:
    """Do the job; torch is loaded only for one that learns, as demonstrations are quicker without."""
    if context.spec.kind == "demonstrations":
        return record_demonstrations(context)
    import torch

    from irevla.training.benchmark.jobs.method import run_method
    from irevla.training.benchmark.jobs.stage0 import train_stage0

    torch.set_num_threads(context.spec.threads)
    return train_stage0(context) if context.spec.kind == "stage0" else run_method(context)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
