"""Wait for what the nodes have to do, and run it: in this thread, or in several."""

from __future__ import annotations

import inspect
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from cyclonedds.core import DDSException
from rclpy.context import Context
from rclpy.exceptions import NotInitializedException
from rclpy.impl.default_context import get_default_context
from rclpy.impl.executable import Executable
from rclpy.task import Future, Task

from irevla.config.errors import WorldError
from irevla_dds.wire.waitset import LONGEST_NS, NumberedWaitSet

if TYPE_CHECKING:
    from rclpy.node import Node

GUARD = 2**60  # the wake-up guard's number; executables count from one


class ExternalShutdownException(Exception):
    """The context ended (a signal, or another thread) while an executor was spinning."""

    def __init__(self) -> None:
        super().__init__("the context was shut down while spinning")


class ShutdownException(Exception):
    """The executor was shut down."""


class Executor:
    """Base of the two executors: waits on a DDS wait set, so an idle graph costs no CPU. One thread spins it."""

    def __init__(self, *, context: Context | None = None) -> None:
        self.context = context or get_default_context()
        participant = self.context.participant
        self._waitset = NumberedWaitSet(participant)
        self._guard = participant.guard()
        self._waitset.add(GUARD, self._guard)
        self._nodes: list[Node] = []
        self._members: dict[int, Executable] = {}
        self._timed: list[Executable] = []
        self._ready: deque[Executable] = deque()
        self._parked: dict[int, Executable] = {}
        self._tasks: deque[Task] = deque()
        self._changed = True
        self._blocked = False
        self._is_shutdown = False
        self._spinning = threading.Lock()
        self.context.add_executor(self)

    def add_node(self, node: Node) -> bool:
        """Spin ``node`` too; False when it is already here."""
        if node in self._nodes:
            return False
        self._nodes.append(node)
        node.executor = self
        self.refresh()
        return True

    def remove_node(self, node: Node) -> None:
        """Spin ``node`` no more."""
        if node in self._nodes:
            self._nodes.remove(node)
            if node.executor is self:
                node.executor = None
            self.refresh()

    def get_nodes(self) -> list[Node]:
        """Return the nodes that are spun."""
        return list(self._nodes)

    def create_task(self, callback: Any, *args: Any, **kwargs: Any) -> Task:
        """Have a function or coroutine run by the spinning thread."""
        task = Task(callback, args, kwargs, executor=self)
        self.schedule(task)
        return task

    def schedule(self, task: Task) -> None:
        """Run ``task`` (again) soon; safe from any thread."""
        self._tasks.append(task)
        self.wake()

    def refresh(self) -> None:
        """Look at the nodes' entities again; safe from any thread."""
        self._changed = True
        self.wake()

    def wake(self) -> None:
        """End the present wait; safe from any thread."""
        with suppress(DDSException):  # the participant is closed: nobody waits any more
            self._guard.set(True)

    def spin(self) -> None:
        """Run callbacks until the context or this executor is shut down."""
        while self.context.ok() and not self._is_shutdown:
            self.spin_once()

    def spin_once(self, timeout_sec: float | None = None) -> None:
        """Run at most one callback; return at the time-out."""
        with suppress(ShutdownException):
            call = self._next_call(timeout_sec)
            if call is not None:
                self._execute(call)

    def spin_until_future_complete(self, future: Future[Any], timeout_sec: float | None = None) -> None:
        """Run callbacks until ``future`` is done or the time-out."""
        future.add_done_callback(lambda _: self.wake())
        end = None if timeout_sec is None or timeout_sec < 0 else time.monotonic() + timeout_sec
        while self.context.ok() and not self._is_shutdown and not future.done():
            left = None if end is None else end - time.monotonic()
            if left is not None and left <= 0:
                return
            with suppress(ShutdownException):
                call = self._next_call(left, until=future)
                if call is not None:
                    self._execute(call)

    def spin_once_until_future_complete(self, future: Future[Any], timeout_sec: float | None = None) -> None:
        """Run at most one callback, or none if ``future`` is done first."""
        future.add_done_callback(lambda _: self.wake())
        with suppress(ShutdownException):
            call = self._next_call(timeout_sec, until=future)
            if call is not None:
                self._execute(call)

    def shutdown(self, timeout_sec: float | None = None) -> bool:
        """End spinning; returns whether all callbacks ended within the time-out."""
        self._is_shutdown = True
        self.wake()
        for node in list(self._nodes):
            self.remove_node(node)
        return True

    def _execute(self, call: Callable[[], None]) -> None:
        call()

    def _next_call(self, timeout_sec: float | None, until: Future[Any] | None = None) -> Callable[[], None] | None:
        """Wait for the next callback that may run and claim it; None at the time-out or when ``until`` is done."""
        if not self._spinning.acquire(blocking=False):
            raise RuntimeError(
                "this executor is already spinning: inside a callback, await the future or use client.call() with a "
                "MultiThreadedExecutor instead of spinning again"
            )
        try:
            endless = timeout_sec is None or timeout_sec < 0
            end_ns = LONGEST_NS if endless else time.monotonic_ns() + int((timeout_sec or 0) * 1e9)
            waited = False
            while True:
                self._check_alive()
                if (call := self._claim_next()) is not None:
                    return call
                left_ns = end_ns - time.monotonic_ns()
                if (until is not None and until.done()) or (waited and left_ns <= 0):
                    return None
                self._wait(max(0, left_ns))
                waited = True
        finally:
            self._spinning.release()

    def _check_alive(self) -> None:
        if self._is_shutdown:
            raise ShutdownException
        if not self.context.ok():
            raise ExternalShutdownException

    def _claim_next(self) -> Callable[[], None] | None:
        if self._changed:
            self._update_members()
        if self._tasks:
            return self._tasks.popleft()
        while self._ready:
            executable = self._ready.popleft()
            if executable.number in self._members and (call := self._claim(executable)) is not None:
                return call
        return None

    def _claim(self, executable: Executable) -> Callable[[], None] | None:
        if not executable.callback_group.beginning_execution(executable):
            self._park(executable)
            return None
        try:
            call = executable.take()
        except DDSException:  # closed by another thread between its trigger and now
            call = None
        if call is None:
            executable.callback_group.ending_execution(executable)
            return None
        return lambda: self._run(executable, call)

    def _run(self, executable: Executable, call: Callable[[], Any]) -> None:
        try:
            outcome = call()
        except BaseException:
            self._finish(executable)
            raise
        if not inspect.iscoroutine(outcome):
            self._finish(executable)
            return
        task = Task(outcome, executor=self)
        task.add_done_callback(lambda _: self._finish_task(executable, task))
        task()

    def _finish(self, executable: Executable) -> None:
        executable.callback_group.ending_execution(executable)
        if self._blocked:
            self.wake()

    def _finish_task(self, executable: Executable, task: Task) -> None:
        self._finish(executable)
        if task.exception() is not None:
            self.create_task(_raise, task.exception())

    def _park(self, executable: Executable) -> None:
        """Leave out of the wait what cannot run now; its trigger would end every wait at once."""
        self._blocked = True
        if executable.condition is not None:
            self._parked[executable.number] = executable
            self._waitset.remove(executable.number)

    def _unpark(self) -> None:
        self._blocked = True  # a group that is freed from here on wakes us
        blocked = any(not timer.callback_group.can_execute(timer) for timer in self._timed)
        for number, executable in list(self._parked.items()):
            if not executable.callback_group.can_execute(executable):
                blocked = True
                continue
            del self._parked[number]
            if number in self._members:
                self._waitset.add(number, executable.condition)
        self._blocked = blocked

    def _wait(self, longest_ns: int) -> None:
        with suppress(NotInitializedException, WorldError):  # the context has just been shut down
            self.context.directory.announce()
        self._unpark()
        for timer in self._timed:
            due_ns = timer.due_ns()
            if due_ns is None or not timer.callback_group.can_execute(timer):
                continue
            longest_ns = max(0, min(longest_ns, due_ns))
            if due_ns <= 0:
                self._ready.append(timer)
        for number in self._waitset.wait_any(longest_ns):
            if number == GUARD:
                with suppress(DDSException):
                    self._guard.take()
            elif number in self._members:
                self._ready.append(self._members[number])

    def _update_members(self) -> None:
        self._changed = False
        wanted = {item.number: item for node in list(self._nodes) for item in node.executables()}
        for number in self._members.keys() - wanted.keys():
            self._waitset.remove(number)
            self._parked.pop(number, None)
        for number in wanted.keys() - self._members.keys():
            if wanted[number].condition is not None:
                self._waitset.add(number, wanted[number].condition)
        self._members = wanted
        self._timed = [item for item in wanted.values() if item.condition is None]


class SingleThreadedExecutor(Executor):
    """Runs every callback in the thread that spins."""


class MultiThreadedExecutor(Executor):
    """Runs callbacks in ``num_threads`` threads, as far as their groups allow; by default one a core, at least two."""

    def __init__(self, num_threads: int | None = None, *, context: Context | None = None) -> None:
        super().__init__(context=context)
        self._threads = ThreadPoolExecutor(num_threads or max(2, os.cpu_count() or 2), thread_name_prefix="rclpy")
        self._failure: BaseException | None = None

    def shutdown(self, timeout_sec: float | None = None) -> bool:
        """End spinning and the threads; callbacks that run are waited for unless ``timeout_sec`` is 0."""
        super().shutdown(timeout_sec)
        self._threads.shutdown(wait=timeout_sec != 0, cancel_futures=True)
        return True

    def _execute(self, call: Callable[[], None]) -> None:
        try:
            self._threads.submit(self._guarded, call)
        except RuntimeError:  # the pool is closed: the executor is shut down, or the interpreter is ending
            self._is_shutdown = True

    def _check_alive(self) -> None:
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure
        super()._check_alive()

    def _guarded(self, call: Callable[[], None]) -> None:
        try:
            call()
        except BaseException as error:  # noqa: BLE001 - the spinning thread raises it, as rclpy does
            self._failure = error
            self.wake()


def _raise(error: BaseException) -> None:
    raise error
