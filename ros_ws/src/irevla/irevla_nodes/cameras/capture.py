"""A thread that keeps a real camera open and hands over its pictures; it opens the device again when it fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from irevla.config.errors import DeviceError
from irevla_nodes.cameras.driver import CameraDriver

READ_TIMEOUT_S = 1.0
RETRY_S = 1.0
ATTEMPTS = 10


class Capture:
    """Calls ``deliver(picture, stamp_ns)`` from its own thread for each picture; the wall clock stamps it."""

    def __init__(
        self,
        open_driver: Callable[[], CameraDriver],
        deliver: Callable[[NDArray[np.uint8], int], None],
        *,
        period_s: float = 0.0,
        retry_s: float = RETRY_S,
    ) -> None:
        """``period_s``: shortest time between two pictures (a file would play as fast as it decodes)."""
        self._open_driver = open_driver
        self._deliver = deliver
        self._period_s, self._retry_s = period_s, retry_s
        self._ended = threading.Event()
        self._trouble: DeviceError | None = DeviceError("the camera is being opened")
        self._failures = 0
        self._thread = threading.Thread(target=self._run, name="capture", daemon=True)
        self._thread.start()

    @property
    def trouble(self) -> str:
        """What is wrong now, in plain words; "" while pictures come."""
        return str(self._trouble) if self._trouble is not None else ""

    def check(self) -> None:
        """Raise the last DeviceError when the device failed ten times in a row and the thread gave up."""
        if self._failures >= ATTEMPTS and self._trouble is not None:
            raise self._trouble

    def close(self, timeout_s: float = 2.0) -> None:
        """End the thread; waits at most ``timeout_s`` for a read that is under way."""
        self._ended.set()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        while not self._ended.is_set() and self._failures < ATTEMPTS:
            try:
                self._stream()
            except DeviceError as error:
                self._failures += 1
                self._trouble = error
                self._ended.wait(self._retry_s)

    def _stream(self) -> None:
        driver = self._open_driver()
        try:
            while not self._ended.is_set():
                began_s = time.monotonic()
                picture = driver.read(READ_TIMEOUT_S)
                self._trouble, self._failures = None, 0
                self._deliver(picture, time.time_ns())
                self._ended.wait(max(0.0, began_s + self._period_s - time.monotonic()))
        finally:
            driver.close()
