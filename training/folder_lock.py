"""One process at a time in a round's folder; the lock goes with the process, however it ends."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from irevla.config.errors import WrongStateError


class FolderLock:
    """Holds a folder until ``close``. Use as a context manager."""

    def __init__(self, folder: Path, timeout_s: float) -> None:
        """Take it, waiting for ``timeout_s`` at most; raises WrongStateError when another process keeps it."""
        self._handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + timeout_s
        while not self._try():
            if time.monotonic() > deadline:
                self.close()
                raise WrongStateError(
                    f"{folder}: another process still works on this round after {timeout_s:g} s; "
                    "cancel it there or wait for its end"
                )
            time.sleep(0.1)

    def __enter__(self) -> FolderLock:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let another process have the folder."""
        os.close(self._handle)

    def _try(self) -> bool:
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
