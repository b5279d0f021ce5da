"""The thread that owns the session: requests and messages come to it through a queue, so no callback ever waits."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from irevla.config.errors import DeadlineError
from irevla_nodes.session.session import Session
from irevla_nodes.session.snapshot import ClosedEpisode, EpisodeEnd, Snapshot

Result = TypeVar("Result")
Request = Callable[[Session, float], object]
TICK_S = 0.05
STOP_TIMEOUT_S = 3.0


class SessionWorker(threading.Thread):
    """Runs requests in order; ``on_change`` and ``on_closed`` are called from its thread."""

    def __init__(
        self,
        session: Session,
        on_change: Callable[[Snapshot], None],
        on_closed: Callable[[ClosedEpisode], None],
    ) -> None:
        super().__init__(name="session", daemon=True)
        self._session = session
        self._on_change = on_change
        self._on_closed = on_closed
        self._requests: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._changed = threading.Condition()
        self._snapshot = session.snapshot()
        self._last_end: EpisodeEnd | None = None
        self.failure: BaseException | None = None  # what ended the thread; its owner must end the process

    @property
    def snapshot(self) -> Snapshot:
        """The session after the newest request."""
        with self._changed:
            return self._snapshot

    @property
    def backlog(self) -> int:
        """Number of requests that wait; it grows when the disk is slower than the graph."""
        return self._requests.qsize()

    def post(self, request: Request) -> None:
        """Queue ``request`` and return at once; it must not raise."""
        self._requests.put(request)

    def ask(self, request: Callable[[Session, float], Result], timeout_s: float) -> Result:
        """Run ``request`` on the session's thread and return its result, or raise what it raised.

        Raises DeadlineError when it has not ended within ``timeout_s``; one that had not begun by then is dropped.
        """
        future: Future[Result] = Future()

        def run(session: Session, now_s: float) -> None:
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(request(session, now_s))
                except Exception as error:  # noqa: BLE001 - handed to the asking thread as it is
                    future.set_exception(error)

        self.post(run)
        try:
            return future.result(timeout_s)
        except TimeoutError:
            then = "nothing was done" if future.cancel() else "what was asked may still be done"
            raise DeadlineError(
                f"the session did not answer within {timeout_s:.0f} s, {then}; is its disk stuck?"
            ) from None

    def wait_end(self, episode_id: str, timeout_s: float) -> EpisodeEnd | None:
        """Wait until ``episode_id`` has ended (labelled, or given up) and return how; None after ``timeout_s``."""
        with self._changed:
            self._changed.wait_for(lambda: self._has_ended(episode_id), timeout_s)
            return self._last_end if self._has_ended(episode_id) else None

    def stop(self) -> None:
        """End the thread after what is queued; an open episode is kept as far as it came."""
        self._requests.put(None)
        if self.is_alive():
            self.join(STOP_TIMEOUT_S)

    def run(self) -> None:
        """Serve requests until stop()."""
        try:
            while (request := self._next()) is not None:
                request(self._session, time.monotonic())
                self._session.tick(time.monotonic())
                self._publish()
            self._session.close(time.monotonic())
            self._publish()
        except BaseException as error:
            self.failure = error
            raise

    def _next(self) -> Request | None:
        try:
            return self._requests.get(timeout=TICK_S)
        except queue.Empty:
            return _nothing

    def _has_ended(self, episode_id: str) -> bool:
        return self._last_end is not None and self._last_end.episode_id == episode_id

    def _publish(self) -> None:
        for closed in self._session.take_closed():
            self._on_closed(closed)
        before, now = self._snapshot, self._session.snapshot()
        with self._changed:
            self._snapshot = now
            self._last_end = self._session.last_end
            self._changed.notify_all()
        if (before.phase, before.episode_id, before.detail) != (now.phase, now.episode_id, now.detail):
            self._on_change(now)


def _nothing(session: Session, now_s: float) -> None:
    """Do nothing: the queue was empty, the tick follows."""
