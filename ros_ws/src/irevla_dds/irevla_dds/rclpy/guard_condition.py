"""A condition that any thread may trigger to have a callback run by the executor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rclpy.callback_groups import CallbackGroup
from rclpy.context import Context
from rclpy.impl.executable import Executable


class GuardCondition(Executable):
    """Triggers between two executions count as one."""

    def __init__(self, callback: Callable[[], Any], callback_group: CallbackGroup, context: Context) -> None:
        super().__init__(callback_group)
        self.callback = callback
        self._guard = context.participant.guard()
        self.condition = self._guard

    def trigger(self) -> None:
        """Have the callback run; safe from any thread."""
        self._guard.set(True)

    def take(self) -> Callable[[], Any] | None:
        """Return the callback if it was triggered."""
        return self.callback if self._guard.take() else None

    def destroy(self) -> None:
        """Close the condition."""
        self._guard._delete(self._guard._ref)
