"""SIGINT and SIGTERM end the context at once, even while every thread waits in C code."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable
from enum import IntEnum
from types import FrameType
from typing import Any


class SignalHandlerOptions(IntEnum):
    """Which signals `rclpy.init` handles."""

    NO = 0
    SIGINT = 1
    SIGTERM = 2
    ALL = 3


class SignalWatch:
    """Calls ``on_signal`` from its own thread as soon as a watched signal comes.

    Python runs its signal handlers only between two steps of the main thread, which may be blocked in a wait;
    the C-level handler writes the signal's number to a socket at once, and that wakes this thread.
    SIGINT then still raises KeyboardInterrupt in the main thread, as without ROS.
    """

    def __init__(self, signals: tuple[signal.Signals, ...], on_signal: Callable[[], None]) -> None:
        self._signals = signals
        self._on_signal = on_signal
        self._receiver, self._sender = socket.socketpair()
        self._sender.setblocking(False)
        self._previous: dict[signal.Signals, Any] = {}
        self._previous_fd = signal.set_wakeup_fd(self._sender.fileno(), warn_on_full_buffer=False)
        for number in signals:
            self._previous[number] = signal.signal(number, self._handle)
        self._thread = threading.Thread(target=self._watch, name="rclpy-signals", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Put the previous handlers back; main thread only."""
        if threading.current_thread() is not threading.main_thread():
            return
        for number, handler in self._previous.items():
            if signal.getsignal(number) == self._handle:
                signal.signal(number, handler)
        signal.set_wakeup_fd(self._previous_fd)
        self._sender.close()
        self._thread.join(timeout=1.0)
        self._receiver.close()

    def _watch(self) -> None:
        while numbers := self._receiver.recv(16):
            if any(number in numbers for number in self._signals):
                self._on_signal()

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self._on_signal()
        if number == signal.SIGINT:
            previous = self._previous[signal.SIGINT]
            if callable(previous):
                previous(number, frame)
