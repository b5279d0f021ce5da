"""A moment of one clock, in nanoseconds."""

from __future__ import annotations

from enum import IntEnum
from functools import total_ordering
from typing import Any, overload

from rclpy.duration import NANOSECONDS, Duration


class ClockType(IntEnum):
    """Which clock a time belongs to; times of two clocks cannot be compared."""

    UNINITIALIZED = 0
    ROS_TIME = 1
    SYSTEM_TIME = 2
    STEADY_TIME = 3


@total_ordering
class Time:
    """``Time(seconds=..., nanoseconds=..., clock_type=...)``."""

    __slots__ = ("clock_type", "nanoseconds")

    def __init__(
        self, *, seconds: float = 0, nanoseconds: int = 0, clock_type: ClockType = ClockType.SYSTEM_TIME
    ) -> None:
        self.nanoseconds = int(seconds * NANOSECONDS) + int(nanoseconds)
        self.clock_type = clock_type
        if self.nanoseconds < 0:
            raise ValueError(f"a time is not negative, got {self.nanoseconds} ns")

    def seconds_nanoseconds(self) -> tuple[int, int]:
        """Return whole seconds and the rest in nanoseconds."""
        return divmod(self.nanoseconds, NANOSECONDS)

    def to_msg(self) -> Any:
        """Return a builtin_interfaces/Time."""
        from builtin_interfaces.msg import Time as Message

        seconds, rest = self.seconds_nanoseconds()
        return Message(sec=seconds, nanosec=rest)

    @classmethod
    def from_msg(cls, message: Any, clock_type: ClockType = ClockType.ROS_TIME) -> Time:
        """Return the moment of a builtin_interfaces/Time."""
        return cls(seconds=message.sec, nanoseconds=message.nanosec, clock_type=clock_type)

    def __add__(self, other: Duration) -> Time:
        return Time(nanoseconds=self.nanoseconds + other.nanoseconds, clock_type=self.clock_type)

    @overload
    def __sub__(self, other: Time) -> Duration: ...

    @overload
    def __sub__(self, other: Duration) -> Time: ...

    def __sub__(self, other: Time | Duration) -> Time | Duration:
        if isinstance(other, Time):
            self._same_clock(other)
            return Duration(nanoseconds=self.nanoseconds - other.nanoseconds)
        return Time(nanoseconds=self.nanoseconds - other.nanoseconds, clock_type=self.clock_type)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Time):
            return NotImplemented
        self._same_clock(other)
        return self.nanoseconds == other.nanoseconds

    def __lt__(self, other: Time) -> bool:
        self._same_clock(other)
        return self.nanoseconds < other.nanoseconds

    def __hash__(self) -> int:
        return hash((self.nanoseconds, self.clock_type))

    def __repr__(self) -> str:
        return f"Time(nanoseconds={self.nanoseconds}, clock_type={self.clock_type.name})"

    def _same_clock(self, other: Time) -> None:
        if self.clock_type != other.clock_type:
            raise TypeError(f"cannot compare times of two clocks: {self.clock_type.name} and {other.clock_type.name}")
