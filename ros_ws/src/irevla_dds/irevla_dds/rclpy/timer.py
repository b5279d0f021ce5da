"""Calls a function again and again, by a node's clock or by the wall's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rclpy.callback_groups import CallbackGroup
from rclpy.clock import Clock
from rclpy.impl.executable import Executable


class Timer(Executable):
    """Made by `Node.create_timer`. Calls that were missed are not made up for."""

    def __init__(
        self,
        callback: Callable[[], Any],
        callback_group: CallbackGroup,
        timer_period_ns: int,
        clock: Clock,
        *,
        autostart: bool = True,
    ) -> None:
        super().__init__(callback_group)
        if timer_period_ns < 0:
            raise ValueError(f"a timer's period is not negative, got {timer_period_ns} ns")
        self.callback = callback
        self.clock = clock
        self.timer_period_ns = timer_period_ns
        self._next_ns = clock.now_ns() + timer_period_ns
        self._cancelled = not autostart

    def cancel(self) -> None:
        """Stop until `reset`."""
        self._cancelled = True

    def reset(self) -> None:
        """Start a new period now."""
        self._next_ns = self.clock.now_ns() + self.timer_period_ns
        self._cancelled = False

    def is_canceled(self) -> bool:
        """Say whether the timer stands still."""
        return self._cancelled

    def is_ready(self) -> bool:
        """Say whether a call is due."""
        return not self._cancelled and self.clock.now_ns() >= self._next_ns

    def time_until_next_call(self) -> int | None:
        """Return the time to the next call [ns of its clock], negative when late, None when cancelled."""
        return None if self._cancelled else self._next_ns - self.clock.now_ns()

    def due_ns(self) -> int | None:
        """Return the time to the next call [ns]; None when cancelled or on simulated time that has yet to get there."""
        left = self.time_until_next_call()
        if left is None or left <= 0:
            return left
        return None if getattr(self.clock, "ros_time_is_active", False) else left

    def take(self) -> Callable[[], Any] | None:
        """Return the callback if a call is due."""
        now = self.clock.now_ns()
        if self._cancelled or now < self._next_ns:
            return None
        self._next_ns += self.timer_period_ns
        if self._next_ns <= now:
            behind = (now - self._next_ns) // self.timer_period_ns + 1 if self.timer_period_ns else 0
            self._next_ns += behind * self.timer_period_ns
        return self.callback

    def clock_was_set(self) -> None:
        """Start a new period if the clock went back (a restarted simulation). Not in rclpy."""
        self._next_ns = min(self._next_ns, self.clock.now_ns() + self.timer_period_ns)

    def destroy(self) -> None:
        """Stop for good."""
        self._cancelled = True
