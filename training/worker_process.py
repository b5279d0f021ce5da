"""What every round worker is: a spec in, JSON lines out, SIGTERM to stop. Needs no torch.

Messages of irevla.training.round_spec go to stdout, one JSON line each; logs go to stderr. SIGTERM or SIGINT stops the
round after its present step with its state kept; the same spec run again goes on from there. With ``--attended``, the
end of stdin does the same: a worker never outlives whoever holds the other end.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel

from irevla.config.errors import IrevlaError, UserError
from irevla.training.folder_lock import FolderLock
from irevla.training.round_spec import RoundCancelled, RoundFailed, RoundProgress, RoundResult, RoundSpec, read_spec

ATTENDED = "--attended"
LOCK_TIMEOUT_S = 30.0  # a worker that lost its client saves its state first
Report = Callable[[RoundProgress], None]
Train = Callable[[RoundSpec, Report, Callable[[], bool]], RoundResult | RoundCancelled]

log = logging.getLogger("irevla.round_worker")


def run_worker(arguments: list[str], train: Train) -> int:
    """Run the round whose spec's path is the last argument; returns the exit status: 0 when it is done or cancelled."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    stdout = sys.stdout

    def say(message: BaseModel) -> None:
        stdout.write(message.model_dump_json() + "\n")
        stdout.flush()

    with contextlib.redirect_stdout(sys.stderr):  # what a library prints is no message
        try:
            paths = [argument for argument in arguments if argument != ATTENDED]
            if len(paths) != 1:
                raise UserError(f"expected one argument, the path of a round spec; got {len(paths)}")
            cancelled = _stop_signals(attended=ATTENDED in arguments)
            spec = read_spec(Path(paths[0]))
            spec.state_dir.mkdir(parents=True, exist_ok=True)
            with FolderLock(spec.state_dir, LOCK_TIMEOUT_S):
                say(train(spec, say, cancelled.is_set))
        except IrevlaError as error:
            log.error("%s: %s", type(error).__name__, error)
            say(RoundFailed(error=type(error).__name__, message=str(error)))
            return error.exit_status
        except Exception as error:  # outermost: the client must hear of it
            log.exception("round failed")
            say(RoundFailed(error="TrainingError", message=f"{type(error).__name__}: {error}"))
            return 1
    return 0


def _stop_signals(*, attended: bool) -> threading.Event:
    """Return what is set once somebody wants the round to stop."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())

    def watch() -> None:
        # os.read, as a thread inside sys.stdin's lock would disturb the interpreter's end.
        while os.read(0, 4096):
            pass
        stopped.set()

    if attended:
        threading.Thread(target=watch, name="stdin-watch", daemon=True).start()
    return stopped
