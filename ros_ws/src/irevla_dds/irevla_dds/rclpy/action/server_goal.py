"""One accepted goal, as its server sees it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rclpy.action.goal_status import GoalStatus
from rclpy.task import Future

if TYPE_CHECKING:
    from rclpy.action.server import ActionServer

# From which states each state may be reached.
ALLOWED = {
    GoalStatus.EXECUTING: {GoalStatus.ACCEPTED},
    GoalStatus.CANCELING: {GoalStatus.ACCEPTED, GoalStatus.EXECUTING},
    GoalStatus.SUCCEEDED: {GoalStatus.EXECUTING, GoalStatus.CANCELING},
    GoalStatus.ABORTED: {GoalStatus.EXECUTING, GoalStatus.CANCELING},
    GoalStatus.CANCELED: {GoalStatus.CANCELING},
}


class ServerGoalHandle:
    """Given to the execute callback; safe to use from any thread."""

    def __init__(self, server: ActionServer, goal_id: Any, request: Any, stamp: Any) -> None:
        self.goal_id = goal_id
        self.request = request
        self.stamp = stamp
        self.status = GoalStatus.ACCEPTED
        self.outcome: Future[Any] = Future()  # gets the GetResult response
        self.ended_s: float | None = None  # monotonic; for forgetting it later
        self._server = server
        self._lock = threading.Lock()

    @property
    def is_active(self) -> bool:
        """Say whether the goal has not ended."""
        return not self.status.is_terminal

    @property
    def is_cancel_requested(self) -> bool:
        """Say whether a cancellation was accepted and not carried out yet."""
        return self.status == GoalStatus.CANCELING

    def execute(self, execute_callback: Callable[[ServerGoalHandle], Any] | None = None) -> None:
        """Start executing; for a `handle_accepted_callback` that deferred it."""
        if not self.is_cancel_requested:
            self._go(GoalStatus.EXECUTING)
        self._server.start(self, execute_callback)

    def publish_feedback(self, feedback: Any) -> None:
        """Send feedback of the action's Feedback type."""
        self._server.publish_feedback(self.goal_id, feedback)

    def succeed(self, response: Any = None) -> None:
        """End in success; ``response`` is the result if the execute callback returns none."""
        self._end(GoalStatus.SUCCEEDED, response)

    def abort(self, response: Any = None) -> None:
        """End in failure."""
        self._end(GoalStatus.ABORTED, response)

    def canceled(self, response: Any = None) -> None:
        """End as asked by a cancellation."""
        self._end(GoalStatus.CANCELED, response)

    def request_cancel(self) -> bool:
        """Take note of an accepted cancellation; False when the goal has ended. Not in rclpy."""
        with self._lock:
            if self.status not in ALLOWED[GoalStatus.CANCELING]:
                return self.status == GoalStatus.CANCELING
            self.status = GoalStatus.CANCELING
        self._server.publish_status()
        return True

    def _end(self, status: GoalStatus, response: Any) -> None:
        self._go(status)
        if response is not None:
            self._server.finish(self, response)

    def _go(self, status: GoalStatus) -> None:
        with self._lock:
            if self.status not in ALLOWED[status]:
                raise RuntimeError(f"a goal that is {self.status.name} cannot become {status.name}")
            self.status = status
        self._server.publish_status()
