"""Runs an experiment's plan and writes what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from irevla.training.benchmark.console import ExperimentConsole
from irevla.training.benchmark.crew import Crew
from irevla.training.benchmark.experiment import Experiment
from irevla.training.benchmark.job_process import WORKER
from irevla.training.benchmark.plan import Job
from irevla.training.benchmark.summary.summary_files import write_summary
from irevla.training.benchmark.summary.table import Table
from irevla.training.benchmark.summary.verdict import Claim
from irevla.training.folder_lock import FolderLock

LOCK_TIMEOUT_S = 5.0


def run_experiment(
    experiment: Experiment, jobs: Sequence[Job], *, slots: int, command: Sequence[str] = WORKER
) -> tuple[Table, list[Claim], dict[str, str]]:
    """Return the table over all that lies in the experiment's folder, the claims, and why jobs were not done."""
    with FolderLock(experiment.folder, LOCK_TIMEOUT_S), ExperimentConsole(jobs) as console:
        failures = Crew(experiment, jobs, console, slots=slots, command=command).run()
    table, claims = write_summary(experiment)
    return table, claims, failures
