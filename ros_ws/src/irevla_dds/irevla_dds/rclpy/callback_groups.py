"""Which callbacks of a node may run at the same time."""

from __future__ import annotations

import threading
from typing import Any


class CallbackGroup:
    """Base of the two kinds; an entity belongs to one group for life."""

    def can_execute(self, entity: Any) -> bool:
        """Say whether a callback of ``entity`` may start now."""
        raise NotImplementedError

    def beginning_execution(self, entity: Any) -> bool:
        """Claim the group for a callback of ``entity``; False when it may not start now."""
        raise NotImplementedError

    def ending_execution(self, entity: Any) -> None:
        """Give the group back."""
        raise NotImplementedError


class ReentrantCallbackGroup(CallbackGroup):
    """Everything may run at once, also one entity's callback twice."""

    def can_execute(self, entity: Any) -> bool:
        """Return True."""
        return True

    def beginning_execution(self, entity: Any) -> bool:
        """Return True."""
        return True

    def ending_execution(self, entity: Any) -> None:
        """Do nothing."""


class MutuallyExclusiveCallbackGroup(CallbackGroup):
    """One callback at a time."""

    def __init__(self) -> None:
        self._active: Any = None
        self._lock = threading.Lock()

    def can_execute(self, entity: Any) -> bool:
        """Say whether no callback of the group runs."""
        return self._active is None

    def beginning_execution(self, entity: Any) -> bool:
        """Claim the group if it is free."""
        with self._lock:
            if self._active is not None:
                return False
            self._active = entity
            return True

    def ending_execution(self, entity: Any) -> None:
        """Free the group."""
        with self._lock:
            self._active = None
