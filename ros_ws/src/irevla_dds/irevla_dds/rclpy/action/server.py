"""Executes goals of one action."""

from __future__ import annotations

import inspect
import threading
import time
import traceback
from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from rclpy.action.goal_status import GoalStatus
from rclpy.action.names import ActionNames
from rclpy.action.server_goal import ServerGoalHandle
from rclpy.callback_groups import CallbackGroup
from rclpy.impl.type_support import check_action_type
from rclpy.qos import qos_profile_action_status_default, qos_profile_default, qos_profile_services_default
from rclpy.service import Reply, Service

if TYPE_CHECKING:
    from rclpy.node import Node

__all__ = ["ActionServer", "CancelResponse", "GoalResponse", "ServerGoalHandle"]


class GoalResponse(IntEnum):
    """What a goal callback answers."""

    REJECT = 1
    ACCEPT = 2


class CancelResponse(IntEnum):
    """What a cancel callback answers."""

    REJECT = 1
    ACCEPT = 2


class CancelCode(IntEnum):
    """The ``return_code`` of action_msgs/CancelGoal."""

    NONE = 0
    REJECTED = 1
    UNKNOWN_GOAL_ID = 2
    GOAL_TERMINATED = 3


def default_goal_callback(goal_request: Any) -> GoalResponse:
    """Accept every goal."""
    return GoalResponse.ACCEPT


def default_cancel_callback(cancel_request: Any) -> CancelResponse:
    """Refuse every cancellation."""
    return CancelResponse.REJECT


def default_handle_accepted_callback(goal_handle: ServerGoalHandle) -> None:
    """Start the goal at once."""
    goal_handle.execute()


class ActionServer:
    """``execute_callback(goal_handle)`` returns the action's Result; it may be a coroutine.

    It runs as a task of the node's executor, outside callback groups: with a single-threaded executor nothing else
    of the node runs meanwhile, not even a cancellation. Results are kept for ``result_timeout`` seconds.
    """

    def __init__(
        self,
        node: Node,
        action_type: Any,
        action_name: str,
        execute_callback: Callable[[ServerGoalHandle], Any],
        *,
        callback_group: CallbackGroup | None = None,
        goal_callback: Callable[[Any], GoalResponse] = default_goal_callback,
        handle_accepted_callback: Callable[[ServerGoalHandle], Any] = default_handle_accepted_callback,
        cancel_callback: Callable[[ServerGoalHandle], CancelResponse] = default_cancel_callback,
        result_timeout: float = 900,
    ) -> None:
        check_action_type(action_type)
        self._node = node
        self._type = action_type
        self._execute_callback = execute_callback
        self._goal_callback = goal_callback
        self._accepted_callback = handle_accepted_callback
        self._cancel_callback = cancel_callback
        self._result_timeout_s = result_timeout
        self._goals: dict[bytes, ServerGoalHandle] = {}
        self._lock = threading.RLock()
        wire = action_type.Impl
        names = ActionNames(node.resolve_topic_name(action_name))
        self._feedback = node.create_publisher(wire.FeedbackMessage, names.feedback, qos_profile_default)
        self._status = node.create_publisher(wire.GoalStatusMessage, names.status, qos_profile_action_status_default)
        group = callback_group or node.default_callback_group
        self._services = [
            self._serve(wire.SendGoalService, names.send_goal, self._on_goal, group),
            self._serve(wire.CancelGoalService, names.cancel_goal, self._on_cancel, group),
            self._serve(wire.GetResultService, names.get_result, self._on_get_result, group),
        ]

    def destroy(self) -> None:
        """Leave the graph; running callbacks are not stopped."""
        for service in self._services:
            self._node.destroy_service(service)
        self._node.destroy_publisher(self._feedback)
        self._node.destroy_publisher(self._status)

    def start(self, goal: ServerGoalHandle, callback: Callable[[ServerGoalHandle], Any] | None) -> None:
        """Have the executor run the goal. Used by the goal handle."""
        executor = self._node.executor
        if executor is None:
            raise RuntimeError("a goal was accepted by a node that no executor spins")
        executor.create_task(self._execute, goal, callback or self._execute_callback)

    def publish_feedback(self, goal_id: Any, feedback: Any) -> None:
        """Send feedback of one goal. Used by the goal handle."""
        if not isinstance(feedback, self._type.Feedback):
            raise TypeError(f"expected {self._type.__name__}.Feedback, got {type(feedback).__name__}")
        self._feedback.publish(self._type.Impl.FeedbackMessage(goal_id=goal_id, feedback=feedback))

    def publish_status(self) -> None:
        """Tell the states of all goals. Used by the goal handle."""
        from action_msgs.msg import GoalInfo
        from action_msgs.msg import GoalStatus as StatusMessage

        with self._lock:
            states = [
                StatusMessage(goal_info=GoalInfo(goal_id=goal.goal_id, stamp=goal.stamp), status=int(goal.status))
                for goal in self._goals.values()
            ]
            self._status.publish(self._status.msg_type(status_list=states))

    def finish(self, goal: ServerGoalHandle, result: Any) -> None:
        """Give the result to all who ask for it. Used by the goal handle."""
        goal.ended_s = time.monotonic()
        goal.outcome.set_result(
            self._type.Impl.GetResultService.Response(status=int(goal.status), result=result),
        )

    async def _execute(self, goal: ServerGoalHandle, callback: Callable[[ServerGoalHandle], Any]) -> None:
        logger = self._node.get_logger()
        result: Any = None
        try:
            result = callback(goal)
            if inspect.iscoroutine(result):
                result = await result
        except Exception as error:  # noqa: BLE001 - a failing goal must not end the node; the client hears of it
            logger.error(f"a goal's execute callback raised {error!r}\n{traceback.format_exc()}")
        if goal.is_active:
            if result is not None:
                logger.warning("a goal's execute callback returned without succeed(), abort() or canceled(): aborted")
            goal.abort()
        self.finish(goal, result if isinstance(result, self._type.Result) else self._type.Result())

    def _serve(self, kind: Any, name: str, answer: Callable[[Any, Reply], Any], group: CallbackGroup) -> Service:
        context = self._node.context
        service = Service(context, kind, name, answer, group, qos_profile_services_default, deferred=True)
        self._node.adopt(service)
        return service

    def _on_goal(self, request: Any, reply: Reply) -> None:
        response = self._type.Impl.SendGoalService.Response(stamp=self._node.get_clock().now().to_msg())
        key = request.goal_id.uuid.tobytes()
        with self._lock:
            self._forget_old()
            is_new = key not in self._goals
        if is_new and self._goal_callback(request.goal) == GoalResponse.ACCEPT:
            goal = ServerGoalHandle(self, request.goal_id, request.goal, response.stamp)
            with self._lock:
                self._goals[key] = goal
            response.accepted = True
            reply(response)
            self.publish_status()
            self._accepted_callback(goal)
        else:
            reply(response)

    def _on_cancel(self, request: Any, reply: Reply) -> None:
        from action_msgs.msg import GoalInfo

        response = self._type.Impl.CancelGoalService.Response()
        wanted = self._wanted(request.goal_info)
        if not wanted and request.goal_info.goal_id.uuid.any():
            response.return_code = int(CancelCode.UNKNOWN_GOAL_ID)
        for goal in wanted:
            if not goal.is_active:
                response.return_code = int(CancelCode.GOAL_TERMINATED)
            elif self._cancel_callback(goal) == CancelResponse.ACCEPT and goal.request_cancel():
                response.goals_canceling.append(GoalInfo(goal_id=goal.goal_id, stamp=goal.stamp))
            else:
                response.return_code = int(CancelCode.REJECTED)
        if response.goals_canceling:
            response.return_code = int(CancelCode.NONE)
        reply(response)

    def _wanted(self, info: Any) -> list[ServerGoalHandle]:
        """Choose goals as action_msgs/CancelGoal says: by id, by age, or all."""
        until = (info.stamp.sec, info.stamp.nanosec)
        key = info.goal_id.uuid.tobytes()
        with self._lock:
            goals = dict(self._goals)
        if not any(key) and until == (0, 0):
            return [goal for goal in goals.values() if goal.is_active]
        aged = {
            number
            for number, goal in goals.items()
            if goal.is_active and until != (0, 0) and (goal.stamp.sec, goal.stamp.nanosec) <= until
        }
        return [goals[number] for number in goals if number in aged or number == key]

    def _on_get_result(self, request: Any, reply: Reply) -> None:
        with self._lock:
            goal = self._goals.get(request.goal_id.uuid.tobytes())
        if goal is None:
            reply(self._type.Impl.GetResultService.Response(status=int(GoalStatus.UNKNOWN)))
        else:
            goal.outcome.add_done_callback(lambda future: reply(future.result()))

    def _forget_old(self) -> None:
        now = time.monotonic()
        for key, goal in list(self._goals.items()):
            if goal.ended_s is not None and now - goal.ended_s > self._result_timeout_s:
                del self._goals[key]
