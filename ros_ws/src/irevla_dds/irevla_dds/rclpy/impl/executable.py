"""What an executor waits for and runs: subscriptions, timers, clients, services, guards."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, ClassVar

from rclpy.callback_groups import CallbackGroup


class Executable:
    """``condition`` triggers (a DDS entity) or ``due_ns`` comes; then `take` gives the call to make."""

    _numbers: ClassVar[itertools.count[int]] = itertools.count(1)

    def __init__(self, callback_group: CallbackGroup) -> None:
        self.number = next(self._numbers)
        self.callback_group = callback_group
        self.condition: Any = None

    def due_ns(self) -> int | None:
        """Return in how many nanoseconds `take` has something; None: only when the condition triggers."""
        return None

    def take(self) -> Callable[[], Any] | None:
        """Return the next call to make, None if there is none; never blocks."""
        raise NotImplementedError

    def destroy(self) -> None:
        """Close it."""
        raise NotImplementedError
