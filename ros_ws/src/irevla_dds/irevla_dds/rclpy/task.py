"""Results that come later, and coroutines that wait for them."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from rclpy.executors import Executor

T = TypeVar("T")


class CancelledError(Exception):
    """The result was asked for after `Future.cancel`."""


class Future(Generic[T]):
    """Set once, from any thread; done callbacks run in the thread that sets it."""

    def __init__(self, *, executor: Executor | None = None) -> None:
        self._done = threading.Event()
        self._lock = threading.Lock()
        self._cancelled = False
        self._result: T | None = None
        self._exception: BaseException | None = None
        self._callbacks: list[Callable[[Future[T]], Any]] = []

    def done(self) -> bool:
        """Say whether there is a result, an exception, or a cancellation."""
        return self._done.is_set()

    def cancelled(self) -> bool:
        """Say whether it was cancelled."""
        return self._cancelled

    def result(self) -> T | None:
        """Return the result, None while there is none; raises the exception that was set."""
        if self._exception is not None:
            raise self._exception
        return self._result

    def exception(self) -> BaseException | None:
        """Return the exception that was set, None if there is none."""
        return self._exception

    def set_result(self, result: T) -> None:
        """Set the result; does nothing when already done."""
        self._finish(result=result)

    def set_exception(self, exception: BaseException) -> None:
        """Set an exception; does nothing when already done."""
        self._finish(exception=exception)

    def cancel(self) -> None:
        """Give up the result; does nothing when already done."""
        self._finish(cancelled=True)

    def add_done_callback(self, callback: Callable[[Future[T]], Any]) -> None:
        """Call ``callback(future)`` once done, at once if it is already."""
        with self._lock:
            if not self._done.is_set():
                self._callbacks.append(callback)
                return
        callback(self)

    def __await__(self) -> Generator[Future[T], None, T | None]:
        while not self.done():
            yield self
        return self.result()

    def _finish(self, result: T | None = None, exception: BaseException | None = None, cancelled: bool = False) -> None:
        with self._lock:
            if self._done.is_set():
                return
            self._result, self._exception, self._cancelled = result, exception, cancelled
            self._done.set()
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback(self)


class Task(Future[Any]):
    """A function or coroutine that an executor runs; awaiting a Future suspends it until that is done."""

    def __init__(
        self,
        handler: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
        executor: Executor | None = None,
    ) -> None:
        super().__init__()
        self._executor = executor
        self._handler = handler
        self._arguments = (args, kwargs or {})

    def __call__(self) -> None:
        """Run to the end or to the next await."""
        if self.done():
            return
        try:
            if not inspect.iscoroutine(self._handler):
                args, kwargs = self._arguments
                outcome = self._handler(*args, **kwargs)
                if not inspect.iscoroutine(outcome):
                    self.set_result(outcome)
                    return
                self._handler = outcome
            awaited = self._handler.send(None)
        except StopIteration as stop:
            self.set_result(stop.value)
        except Exception as error:  # noqa: BLE001 - it belongs to whoever reads the result
            self.set_exception(error)
        else:
            self._resume_after(awaited)

    def _resume_after(self, awaited: Any) -> None:
        if self._executor is None:
            return
        executor = self._executor
        if isinstance(awaited, Future):
            awaited.add_done_callback(lambda _: executor.schedule(self))
        else:
            executor.schedule(self)
