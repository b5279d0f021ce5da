"""What every worker is: a spec in, JSON lines out, SIGTERM to stop. Needs no torch.

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
import time
from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel

from irevla.config.errors import IrevlaError, UserError
from irevla.training.folder_lock import FolderLock
from irevla.training.round_spec import RoundCancelled, RoundFailed, RoundProgress, RoundResult, RoundSpec, read_spec

ATTENDED = "--attended"
LOCK_TIMEOUT_S = 30.0  # a worker that lost its client saves its state first
Report = Callable[[RoundProgress], None]
Say = Callable[[BaseModel], None]
Work = Callable[[Path, Say, Callable[[], bool]], None]
Train = Callable[[RoundSpec, Report, Callable[[], bool]], RoundResult | RoundCancelled]

log = logging.getLogger("irevla.round_worker")


def run_worker(arguments: list[str], train: Train) -> int:
    """Run the round whose spec's path is the last argument; returns the exit status: 0 when it is done or cancelled."""

    def work(path: Path, say: Say, is_stopped: Callable[[], bool]) -> None:
        spec = read_spec(path)
        spec.state_dir.mkdir(parents=True, exist_ok=True)
        with FolderLock(spec.state_dir, LOCK_TIMEOUT_S):
            say(train(spec, say, is_stopped))

    return serve(arguments, work)


def serve(arguments: list[str], work: Work, *, orphan_grace_s: float | None = None) -> int:
    """Do ``work`` for the spec's path among ``arguments``; returns the exit status.

    With ``orphan_grace_s`` the process ends so many seconds after stdin did, wherever the work then is.
    """
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    stdout = sys.stdout

    def say(message: BaseModel) -> None:
        stdout.write(message.model_dump_json() + "\n")
        stdout.flush()

    with contextlib.redirect_stdout(sys.stderr):  # what a library prints is no message
        try:
            paths = [argument for argument in arguments if argument != ATTENDED]
            if len(paths) != 1:
                raise UserError(f"expected one argument, the path of a spec; got {len(paths)}")
            stopped = _stop_signals(attended=ATTENDED in arguments, orphan_grace_s=orphan_grace_s)
            work(Path(paths[0]), say, stopped.is_set)
        except IrevlaError as error:
            log.error("%s: %s", type(error).__name__, error)
            say(RoundFailed(error=type(error).__name__, message=str(error)))
            return error.exit_status
        except Exception as error:  # outermost: whoever holds the other end must hear of it
            log.exception("the work failed")
            say(RoundFailed(error="TrainingError", message=f"{type(error).__name__}: {error}"))
            return 1
    return 0


def _stop_signals(*, attended: bool, orphan_grace_s: float | None) -> threading.Event:
    """Return what is set once somebody wants the work to stop."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())

    def watch() -> None:
        # os.read, as a thread inside sys.stdin's lock would disturb the interpreter's end.
        while os.read(0, 4096):
            pass
        stopped.set()
        if orphan_grace_s is not None:
            time.sleep(orphan_grace_s)
            os._exit(1)  # what was saved last is whole

    if attended:
        threading.Thread(target=watch, name="stdin-watch", daemon=True).start()
    return stopped
