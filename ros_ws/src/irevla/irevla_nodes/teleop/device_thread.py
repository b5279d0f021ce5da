"""Polls the devices: their libraries want one thread, and a node's executor must not wait for them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from irevla_nodes.teleop.device_watch import DeviceWatch

POLL_S = 0.02  # shorter than a press of a button
IDLE_S = 0.2  # while nothing is plugged in
END_TIMEOUT_S = 2.0


class DeviceThread:
    """Starts at once; `close` ends it and gives the devices back."""

    def __init__(self, watches: Sequence[DeviceWatch], clock: Callable[[], float]) -> None:
        """``clock`` is the steady one that readings are dated by [s]."""
        self._watches = tuple(watches)
        self._clock = clock
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="devices", daemon=True)
        self._thread.start()

    @property
    def is_well(self) -> bool:
        """Whether it still polls; a library that fails in a way of its own ends it."""
        return not self._watches or self._thread.is_alive()

    def close(self) -> None:
        """End the thread."""
        self._ended.set()
        self._thread.join(END_TIMEOUT_S)

    def _run(self) -> None:
        is_any = True
        while self._watches and not self._ended.wait(POLL_S if is_any else IDLE_S):
            found = [watch.poll(self._clock()) for watch in self._watches]
            is_any = any(found)
        for watch in self._watches:
            watch.close()
