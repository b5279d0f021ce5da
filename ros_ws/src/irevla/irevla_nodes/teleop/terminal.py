"""Single keys from the terminal the process was started in."""

from __future__ import annotations

import os
import select
import sys
import termios
import threading
import tty
from collections.abc import Callable

WAKE_S = 0.2


class Terminal:
    """Calls ``on_keys`` with what was typed, from its own thread, key by key; `close` restores the mode."""

    def __init__(self, on_keys: Callable[[str], None]) -> None:
        self._on_keys = on_keys
        self._fd = sys.stdin.fileno()
        self._mode = termios.tcgetattr(self._fd)
        tty.setcbreak(self._fd)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keys", daemon=True)
        self._thread.start()

    @staticmethod
    def is_there() -> bool:
        """Say whether standard input is a terminal with this process in front; behind, a read would stop it."""
        try:
            fd = sys.stdin.fileno()
            return os.isatty(fd) and os.tcgetpgrp(fd) == os.getpgrp()
        except (OSError, ValueError, AttributeError):
            return False

    def close(self) -> None:
        """End the thread and give the terminal its mode back."""
        self._ended.set()
        self._thread.join(2 * WAKE_S)
        termios.tcsetattr(self._fd, termios.TCSADRAIN, self._mode)

    def _run(self) -> None:
        while not self._ended.is_set():
            ready, _, _ = select.select([self._fd], [], [], WAKE_S)
            if ready:
                typed = os.read(self._fd, 64)
                if not typed:
                    return
                self._on_keys(typed.decode(errors="ignore"))
