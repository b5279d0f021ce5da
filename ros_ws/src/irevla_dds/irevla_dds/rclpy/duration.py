"""A span of time in nanoseconds."""

from __future__ import annotations

from functools import total_ordering
from typing import Any

NANOSECONDS = 1_000_000_000


@total_ordering
class Duration:
    """``Duration(seconds=0.5)`` or ``Duration(nanoseconds=...)``; both are added."""

    __slots__ = ("nanoseconds",)

    def __init__(self, *, seconds: float = 0, nanoseconds: int = 0) -> None:
        self.nanoseconds = int(seconds * NANOSECONDS) + int(nanoseconds)

    def to_msg(self) -> Any:
        """Return a builtin_interfaces/Duration."""
        from builtin_interfaces.msg import Duration as Message

        seconds, rest = divmod(self.nanoseconds, NANOSECONDS)
        return Message(sec=seconds, nanosec=rest)

    @classmethod
    def from_msg(cls, message: Any) -> Duration:
        """Return the span of a builtin_interfaces/Duration."""
        return cls(seconds=message.sec, nanoseconds=message.nanosec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Duration) and self.nanoseconds == other.nanoseconds

    def __lt__(self, other: Duration) -> bool:
        return self.nanoseconds < other.nanoseconds

    def __hash__(self) -> int:
        return hash(self.nanoseconds)

    def __repr__(self) -> str:
        return f"Duration(nanoseconds={self.nanoseconds})"


Infinite = Duration(nanoseconds=2**63 - 1)
