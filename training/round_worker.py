"""`python -m irevla.training.round_worker SPEC.json`: one supervised round in a process of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable

import torch

from irevla.training.round_spec import RoundCancelled, RoundResult, RoundSpec
from irevla.training.train_round import train_round
from irevla.training.worker_process import Report, run_worker


def main(arguments: list[str]) -> int:
    """Run the round of the spec in ``arguments``; returns the exit status."""
    return run_worker(arguments, _train)


def _train(spec: RoundSpec, report: Report, is_cancelled: Callable[[], bool]) -> RoundResult | RoundCancelled:
    torch.set_num_threads(spec.rounds.threads)
    return train_round(spec, report, is_cancelled)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
