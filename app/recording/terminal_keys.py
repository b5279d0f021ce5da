"""Single keys of the terminal that a command was started in."""

from __future__ import annotations

import os
import select
import sys
import termios
import tty

from irevla.config.errors import UserError
from irevla.config.teleop.held_keys import typed_keys


class TerminalKeys:
    """Reads keys as they are typed; gives the terminal its mode back at the end of the ``with`` block."""

    def __init__(self) -> None:
        """Raise UserError where standard input is no terminal."""
        if not sys.stdin.isatty():
            raise UserError("irevla record reads keys: start it in a terminal, not in a pipe or a script")
        self._fd = sys.stdin.fileno()

    def __enter__(self) -> TerminalKeys:
        self._mode = termios.tcgetattr(self._fd)
        tty.setcbreak(self._fd)
        return self

    def __exit__(self, *_: object) -> None:
        termios.tcsetattr(self._fd, termios.TCSADRAIN, self._mode)

    def read(self, timeout_s: float) -> str:
        """Return what was typed, waiting for it at most so long; raises UserError when the terminal has gone."""
        ready, _, _ = select.select([self._fd], [], [], timeout_s)
        if not ready:
            return ""
        typed = os.read(self._fd, 64)
        if not typed:
            raise UserError("the terminal was closed; what was recorded is in the session's store")
        return typed_keys(typed.decode(errors="ignore"))
