"""Sends goals to an action's server."""

from __future__ import annotations

import time
import uuid
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rclpy.action.goal_status import GoalStatus
from rclpy.action.names import ActionNames
from rclpy.callback_groups import CallbackGroup
from rclpy.impl.type_support import check_action_type
from rclpy.qos import qos_profile_action_status_default, qos_profile_default
from rclpy.task import Future

if TYPE_CHECKING:
    from rclpy.node import Node

__all__ = ["ActionClient", "ClientGoalHandle"]


class ClientGoalHandle:
    """One goal that was sent; ``accepted`` says whether the server took it."""

    def __init__(self, client: ActionClient, goal_id: Any, response: Any) -> None:
        self._client = client
        self.goal_id = goal_id
        self.accepted: bool = response.accepted
        self.stamp = response.stamp
        self.status: int = int(GoalStatus.ACCEPTED if response.accepted else GoalStatus.UNKNOWN)

    def get_result_async(self) -> Future[Any]:
        """Return a future of the response with ``status`` and ``result``; it comes when the goal has ended."""
        return self._client.get_result_async(self)

    def cancel_goal_async(self) -> Future[Any]:
        """Ask the server to cancel; the future gets an action_msgs/CancelGoal response."""
        return self._client.cancel_goal_async(self)


class ActionClient:
    """Its futures complete while an executor spins the node."""

    def __init__(
        self, node: Node, action_type: Any, action_name: str, *, callback_group: CallbackGroup | None = None
    ) -> None:
        check_action_type(action_type)
        self._node = node
        self._type = action_type
        self._name = node.resolve_topic_name(action_name)
        self._feedback_callbacks: dict[bytes, Callable[[Any], Any]] = {}
        self._handles: weakref.WeakValueDictionary[bytes, ClientGoalHandle] = weakref.WeakValueDictionary()
        wire, names = action_type.Impl, ActionNames(self._name)
        self._send = node.create_client(wire.SendGoalService, names.send_goal, callback_group=callback_group)
        self._cancel = node.create_client(wire.CancelGoalService, names.cancel_goal, callback_group=callback_group)
        self._result = node.create_client(wire.GetResultService, names.get_result, callback_group=callback_group)
        self._subscriptions = (
            node.create_subscription(
                wire.FeedbackMessage,
                names.feedback,
                self._on_feedback,
                qos_profile_default,
                callback_group=callback_group,
            ),
            node.create_subscription(
                wire.GoalStatusMessage,
                names.status,
                self._on_status,
                qos_profile_action_status_default,
                callback_group=callback_group,
            ),
        )

    def server_is_ready(self) -> bool:
        """Say whether a server of this action is there."""
        return all(client.service_is_ready() for client in (self._send, self._cancel, self._result))

    def wait_for_server(self, timeout_sec: float | None = None) -> bool:
        """Wait until a server is there; False at the time-out or the end of the context."""
        end = None if timeout_sec is None else time.monotonic() + timeout_sec
        for client in (self._send, self._cancel, self._result):
            left = None if end is None else max(0.0, end - time.monotonic())
            if not client.wait_for_service(left):
                return False
        return True

    def send_goal_async(
        self, goal: Any, feedback_callback: Callable[[Any], Any] | None = None, goal_uuid: Any = None
    ) -> Future[ClientGoalHandle]:
        """Send a goal; the future gets its handle. ``feedback_callback`` gets messages with a ``feedback`` field."""
        from unique_identifier_msgs.msg import UUID

        if not isinstance(goal, self._type.Goal):
            raise TypeError(f"{self._name}: expected {self._type.__name__}.Goal, got {type(goal).__name__}")
        goal_id = goal_uuid if goal_uuid is not None else UUID(uuid=uuid.uuid4().bytes)
        if feedback_callback is not None:
            self._feedback_callbacks[goal_id.uuid.tobytes()] = feedback_callback
        future: Future[ClientGoalHandle] = Future()
        answer = self._send.call_async(self._type.Impl.SendGoalService.Request(goal_id=goal_id, goal=goal))
        answer.add_done_callback(lambda done: self._on_answer(done, goal_id, future))
        return future

    def get_result_async(self, handle: ClientGoalHandle) -> Future[Any]:
        """As `ClientGoalHandle.get_result_async`."""
        future = self._result.call_async(self._type.Impl.GetResultService.Request(goal_id=handle.goal_id))
        future.add_done_callback(lambda done: self._on_result(done, handle))
        return future

    def cancel_goal_async(self, handle: ClientGoalHandle) -> Future[Any]:
        """As `ClientGoalHandle.cancel_goal_async`."""
        from action_msgs.msg import GoalInfo

        info = GoalInfo(goal_id=handle.goal_id)
        return self._cancel.call_async(self._type.Impl.CancelGoalService.Request(goal_info=info))

    def destroy(self) -> None:
        """Leave the graph; pending futures are cancelled."""
        for client in (self._send, self._cancel, self._result):
            self._node.destroy_client(client)
        for subscription in self._subscriptions:
            self._node.destroy_subscription(subscription)

    def _on_answer(self, done: Future[Any], goal_id: Any, future: Future[ClientGoalHandle]) -> None:
        error = done.exception()
        if error is not None:
            future.set_exception(error)
        elif done.cancelled():
            future.cancel()
        else:
            handle = ClientGoalHandle(self, goal_id, done.result())
            if handle.accepted:
                self._handles[goal_id.uuid.tobytes()] = handle
            else:
                self._feedback_callbacks.pop(goal_id.uuid.tobytes(), None)
            future.set_result(handle)

    def _on_result(self, done: Future[Any], handle: ClientGoalHandle) -> None:
        self._feedback_callbacks.pop(handle.goal_id.uuid.tobytes(), None)
        if done.exception() is None and not done.cancelled():
            response: Any = done.result()
            handle.status = response.status

    def _on_feedback(self, message: Any) -> None:
        callback = self._feedback_callbacks.get(message.goal_id.uuid.tobytes())
        if callback is not None:
            callback(message)

    def _on_status(self, message: Any) -> None:
        for status in message.status_list:
            handle = self._handles.get(status.goal_info.goal_id.uuid.tobytes())
            if handle is not None:
                handle.status = status.status
