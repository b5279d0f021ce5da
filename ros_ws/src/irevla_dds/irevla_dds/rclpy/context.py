"""One life of rclpy in this process: from `init` to `shutdown`."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
import weakref
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from rclpy.exceptions import NotInitializedException
from rclpy.impl.arguments import Arguments, parse_arguments
from rclpy.impl.node_directory import NodeDirectory
from rclpy.signals import SignalHandlerOptions, SignalWatch

from irevla_dds.network import domain_id as domain_of
from irevla_dds.wire.discovery import Discovery
from irevla_dds.wire.participant import Participant

if TYPE_CHECKING:
    from rclpy.executors import Executor


class Context:
    """Owns the DDS participant and everything that must wake when the end comes."""

    def __init__(self) -> None:
        self.arguments = Arguments()
        self.ended = threading.Event()
        self.global_executor: Executor | None = None
        self._participant: Participant | None = None
        self._discovery: Discovery | None = None
        self._directory: NodeDirectory | None = None
        self._signals: SignalWatch | None = None
        self._executors: weakref.WeakSet[Any] = weakref.WeakSet()
        self._callbacks: list[Callable[[], Any]] = []
        self._lock = threading.RLock()

    def init(
        self,
        args: Sequence[str] | None = None,
        *,
        domain_id: int | None = None,
        signals: SignalHandlerOptions = SignalHandlerOptions.NO,
    ) -> None:
        """Join the DDS domain (``domain_id`` or ROS_DOMAIN_ID); ``args`` is the command line, by default sys.argv."""
        if self.ok():
            raise RuntimeError("Context.init() must only be called once: shut it down first")
        self._close()
        self.arguments = parse_arguments(sys.argv if args is None else args)
        self._participant = Participant(domain_of(os.environ) if domain_id is None else domain_id)
        self._discovery = Discovery(self._participant)
        self._directory = NodeDirectory(self._participant)
        self.ended = threading.Event()
        atexit.register(self._close)
        wanted = tuple(
            number
            for bit, number in (
                (SignalHandlerOptions.SIGINT, signal.SIGINT),
                (SignalHandlerOptions.SIGTERM, signal.SIGTERM),
            )
            if signals & bit
        )
        if wanted and threading.current_thread() is threading.main_thread():
            self._signals = SignalWatch(wanted, self._end)

    def ok(self) -> bool:
        """Say whether `init` was called and nobody has ended it since."""
        return self._participant is not None and not self.ended.is_set()

    def shutdown(self) -> None:
        """End spinning in all threads and leave the DDS domain; a second call does nothing."""
        self._end()
        self._close()

    def try_shutdown(self) -> None:
        """As `shutdown`."""
        self.shutdown()

    def on_shutdown(self, callback: Callable[[], Any]) -> None:
        """Call ``callback`` once, when the end comes, in the thread that brings it."""
        self._callbacks.append(callback)

    def get_domain_id(self) -> int:
        """Return the DDS domain."""
        return self.participant.domain_id

    @property
    def participant(self) -> Participant:
        """The DDS participant; NotInitializedException before `init` and after `shutdown`."""
        if self._participant is None:
            raise NotInitializedException("create nodes between rclpy.init() and rclpy.shutdown()")
        return self._participant

    @property
    def discovery(self) -> Discovery:
        """What is on the network."""
        if self._discovery is None:
            raise NotInitializedException
        return self._discovery

    @property
    def directory(self) -> NodeDirectory:
        """Whose nodes are on the network."""
        if self._directory is None:
            raise NotInitializedException
        return self._directory

    def add_executor(self, executor: Executor) -> None:
        """Wake ``executor`` when the end comes."""
        self._executors.add(executor)

    def _end(self) -> None:
        with self._lock:
            if self._participant is None or self.ended.is_set():
                return
            self.ended.set()
            executors, callbacks = list(self._executors), list(self._callbacks)
            self._callbacks.clear()
        for executor in executors:
            executor.wake()
        for callback in callbacks:
            callback()

    def _close(self) -> None:
        with self._lock:
            participant, self._participant = self._participant, None
            signals, self._signals = self._signals, None
            self._discovery = self._directory = self.global_executor = None
        if signals is not None:
            signals.close()
        if participant is not None:
            self.ended.set()
            atexit.unregister(self._close)
            participant.close()
