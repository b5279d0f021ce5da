"""Runs a supervised round in a worker process and reports how it goes; no torch, no ROS."""

from __future__ import annotations

import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from irevla.config import errors
from irevla.config.errors import DeadlineError, TrainingError, UserError, WrongStateError
from irevla.training.round_spec import (
    RoundCancelled,
    RoundFailed,
    RoundProgress,
    RoundResult,
    RoundSpec,
    parse_message,
)
from irevla.training.worker_process import ATTENDED

WORKER = (sys.executable, "-m", "irevla.training.round_worker", ATTENDED)


class RoundClient:
    """One round's worker process. Use as a context manager: leaving it ends the worker.

    ``progress`` yields until the round is over; ``cancel`` may be called from another thread. The worker's own log is
    ``worker.log`` in the round's state folder.
    """

    def __init__(self, spec: RoundSpec, *, silence_timeout_s: float = 180.0, command: tuple[str, ...] = WORKER) -> None:
        """Start the worker; ``silence_timeout_s`` is the longest it may say nothing (reading the data included)."""
        spec.check()
        spec.state_dir.mkdir(parents=True, exist_ok=True)
        path = spec.state_dir / "spec.json"
        path.write_text(spec.model_dump_json(indent=1), encoding="utf-8")
        self._log = spec.state_dir / "worker.log"
        self._silence_timeout_s = silence_timeout_s
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._cancelled = threading.Event()
        self.result: RoundResult | None = None
        self.resumes_at: int | None = None
        with self._log.open("ab") as log:
            # stdin carries nothing: its end tells the worker that this process is gone, however it went.
            self._process = subprocess.Popen(
                [*command, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
            )
        self._reader = threading.Thread(target=self._read, name="round-worker-reader", daemon=True)
        self._reader.start()

    def __enter__(self) -> RoundClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """Process id of the worker."""
        return self._process.pid

    def progress(self) -> Iterator[RoundProgress]:
        """Yield progress until the end; then ``result`` is set, or ``resumes_at`` after a cancel.

        Raises the worker's own error, TrainingError when it died (its state is kept; the same spec resumes), and
        DeadlineError when it said nothing for ``silence_timeout_s``.
        """
        while True:
            try:
                line = self._lines.get(timeout=self._silence_timeout_s)
            except queue.Empty:
                self.close()
                raise DeadlineError(
                    f"the round worker said nothing for {self._silence_timeout_s:g} s; it was stopped, "
                    f"its state is kept; see {self._log}"
                ) from None
            if line is None:
                self._finish()
                return
            message = parse_message(line)
            if isinstance(message, RoundProgress):
                yield message
            elif isinstance(message, RoundResult):
                self.result = message
            elif isinstance(message, RoundCancelled):
                self.resumes_at = message.step
            elif isinstance(message, RoundFailed):
                self.close()
                raise error_of(message)

    def cancel(self) -> None:
        """Ask the worker to stop after its present step and keep its state; progress() then ends."""
        self._cancelled.set()
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def close(self, timeout_s: float = 10.0) -> None:
        """End the worker: SIGTERM, and SIGKILL after ``timeout_s``; its last saved state stays."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(timeout_s)
        self._reader.join(timeout_s)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def wait(self) -> RoundResult:
        """Follow the round to its end; raises as progress() does, and WrongStateError if it was cancelled."""
        for _ in self.progress():
            pass
        if self.result is None:
            raise WrongStateError(
                f"the round was cancelled at step {self.resumes_at}; run the same spec again to resume"
            )
        return self.result

    def _read(self) -> None:
        stdout = self._process.stdout
        if stdout is not None:
            for line in stdout:
                self._lines.put(line)
        self._lines.put(None)

    def _finish(self) -> None:
        status = self._process.wait(self._silence_timeout_s)
        if self.result is None and self.resumes_at is None and not self._cancelled.is_set():
            raise TrainingError(
                f"the round worker died with status {status}; its state is kept, run the same spec again to resume; "
                f"last words: {_tail(self._log)}"
            )


def error_of(message: RoundFailed) -> Exception:
    """Return the error that a worker ended with, as the class it named."""
    kind = getattr(errors, message.error, TrainingError)
    if kind is errors.UnknownNameError or not issubclass(kind, errors.IrevlaError):
        kind = UserError
    failure: Exception = kind(message.message)
    return failure


def _tail(log: Path, size: int = 600) -> str:
    try:
        return log.read_bytes()[-size:].decode(errors="replace").strip() or "(none)"
    except OSError:
        return "(no log)"
