"""One job's worker process, as the crew sees it."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

from irevla.config.errors import UserError
from irevla.training.benchmark.jobs.job_folder import JobFolder
from irevla.training.benchmark.jobs.job_spec import JobDone, JobProgress, JobSpec, JobStopped, parse_message
from irevla.training.round_spec import RoundFailed
from irevla.training.worker_process import ATTENDED

WORKER = (sys.executable, "-m", "irevla.training.benchmark.worker")
Heard = tuple["JobProcess", JobProgress | JobDone | JobStopped | RoundFailed | None]


class JobProcess:
    """Started on construction; what it says goes to ``inbox``, and None once it is gone."""

    def __init__(
        self, folder: JobFolder, spec: JobSpec, inbox: queue.SimpleQueue[Heard], command: Sequence[str] = WORKER
    ) -> None:
        path = folder.begin(spec)
        self.name = folder.name
        self.folder = folder
        self.threads = spec.threads
        self.heard_s = time.monotonic()
        threads = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(spec.threads))
        with folder.log.open("ab") as log:
            # stdin carries nothing: its end tells the worker that this process is gone, however it went.
            self._process = subprocess.Popen(
                [*command, ATTENDED, str(path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env={**os.environ, **threads},
            )
        self._inbox = inbox
        self._reader = threading.Thread(target=self._read, name=f"{self.name}-reader", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Process id of the worker."""
        return self._process.pid

    def stop(self) -> None:
        """Ask the worker to keep its state and end."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def close(self, timeout_s: float) -> int:
        """Wait for the worker's end, kill it after ``timeout_s``, and return its exit status."""
        try:
            status = self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait(timeout_s)
        self._reader.join(timeout_s)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        return status

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self.heard_s = time.monotonic()
            try:
                self._inbox.put((self, parse_message(line)))
            except UserError as error:
                self._inbox.put((self, RoundFailed(error="TrainingError", message=str(error))))
        self._inbox.put((self, None))


def death(status: int) -> str:
    """Return in words how a process that said nothing of its end came to it."""
    if status >= 0:
        return f"its process ended with status {status}"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    return f"its process was killed by {name}{' (out of memory?)' if name == 'SIGKILL' else ''}"
