"""A goal under way: what it tells goes to the inbox, its end is told once."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from irevla.app.graph.bridge import JobEnd, Progress
from irevla.app.graph.inbox import Inbox
from irevla.app.graph.pending import Pending
from irevla.app.graph.requests import Job
from irevla.app.graph.services import JobAction

CANCELED = 5  # action_msgs/GoalStatus.STATUS_CANCELED
# A round says nothing while it reads its data, a comparison while a person thinks about a label.
SILENCE_TIMEOUT_S = 1200.0


class RunningJob:
    """`begin` and `cancel` belong to the executor's thread, `look` to the window's."""

    def __init__(
        self,
        action: JobAction,
        client: Any,
        inbox: Inbox,
        on_progress: Callable[[Progress], None],
        on_end: Callable[[JobEnd], None],
    ) -> None:
        self._action, self._client, self._inbox, self._on_progress = action, client, inbox, on_progress
        why = f"{action.topic}: nothing was heard for {SILENCE_TIMEOUT_S / 60:.0f} minutes; is {action.node} well?"
        self._end = Pending(on_end, JobEnd(False, why), time.monotonic() + SILENCE_TIMEOUT_S)
        self._handle: Any = None
        self._is_cancelled = False

    def look(self, now_s: float) -> bool:
        """Give up after too long a silence; returns whether the job is over."""
        return self._end.look(now_s)

    def begin(self, job: Job) -> None:
        """Send the goal."""
        if not self._client.server_is_ready():
            self._finish(
                JobEnd(False, f"action {self._action.topic} is not there; is the {self._action.node} node running?")
            )
            return
        sent = self._client.send_goal_async(self._action.goal(job), feedback_callback=self._on_feedback)
        sent.add_done_callback(self._on_accepted)

    def cancel(self) -> None:
        """Ask for the end; before the goal is accepted, right after."""
        self._is_cancelled = True
        if self._handle is not None:
            self._handle.cancel_goal_async()

    def _on_accepted(self, future: Any) -> None:
        handle = future.result()
        if handle is None:
            return
        if not handle.accepted:
            self._finish(JobEnd(False, f"{self._action.node} refused: it is busy with another job; cancel that first"))
            return
        self._handle = handle
        handle.get_result_async().add_done_callback(self._on_result)
        if self._is_cancelled:
            handle.cancel_goal_async()

    def _on_feedback(self, message: Any) -> None:
        progress = self._action.progress(message.feedback)
        self._inbox.put_call(partial(self._tell, progress))

    def _tell(self, progress: Progress) -> None:
        self._end.deadline_s = time.monotonic() + SILENCE_TIMEOUT_S
        if not self._end.is_over:
            self._on_progress(progress)

    def _on_result(self, future: Any) -> None:
        wrapped = future.result()
        if wrapped is not None:
            self._finish(self._action.end(wrapped.result, is_cancelled=wrapped.status == CANCELED))

    def _finish(self, end: JobEnd) -> None:
        self._inbox.put_call(partial(self._end.finish, end))
