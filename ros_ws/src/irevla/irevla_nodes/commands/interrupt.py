"""Ctrl-C for commands that run long."""

from __future__ import annotations

import signal


def hear_interrupts() -> None:
    """Let SIGINT and SIGTERM raise KeyboardInterrupt; a script's `irevla up &` starts with SIGINT ignored."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
