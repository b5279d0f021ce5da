"""`python -m irevla.training.round_worker SPEC.json`: one supervised round in a process of its own.

Messages of irevla.training.round_spec go to stdout, one JSON line each; logs go to stderr. SIGTERM or SIGINT stops the
round after its present step with its state kept; the same spec run again goes on from there.
"""

from __future__ import annotations

import logging
import signal
import sys
import threading
from pathlib import Path

import torch
from pydantic import BaseModel

from irevla.config.errors import IrevlaError, UserError
from irevla.training.round_spec import RoundFailed, read_spec
from irevla.training.train_round import train_round

log = logging.getLogger("irevla.round_worker")


def main(arguments: list[str]) -> int:
    """Run the round of ``arguments[0]``; returns the exit status: 0 when it is done or cancelled."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    cancelled = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: cancelled.set())
    try:
        if len(arguments) != 1:
            raise UserError(f"expected one argument, the path of a round spec; got {len(arguments)}")
        spec = read_spec(Path(arguments[0]))
        torch.set_num_threads(spec.rounds.threads)
        _say(train_round(spec, _say, cancelled.is_set))
    except IrevlaError as error:
        log.error("%s: %s", type(error).__name__, error)
        _say(RoundFailed(error=type(error).__name__, message=str(error)))
        return error.exit_status
    except Exception as error:  # outermost: the client must hear of it
        log.exception("round failed")
        _say(RoundFailed(error="TrainingError", message=f"{type(error).__name__}: {error}"))
        return 1
    return 0


def _say(message: BaseModel) -> None:
    sys.stdout.write(message.model_dump_json() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
