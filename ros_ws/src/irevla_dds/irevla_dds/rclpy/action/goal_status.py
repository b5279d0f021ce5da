"""The life of a goal, as action_msgs/GoalStatus numbers it."""

from __future__ import annotations

from enum import IntEnum


class GoalStatus(IntEnum):
    """Accepted → executing (→ canceling) → one of the last three."""

    UNKNOWN = 0
    ACCEPTED = 1
    EXECUTING = 2
    CANCELING = 3
    SUCCEEDED = 4
    CANCELED = 5
    ABORTED = 6

    @property
    def is_terminal(self) -> bool:
        """Say whether the goal has ended."""
        return self >= GoalStatus.SUCCEEDED
