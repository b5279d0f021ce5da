"""Clocks: the system's, a steady one, and ROS time, which follows /clock when a node uses simulated time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from rclpy.time import ClockType, Time

__all__ = ["Clock", "ClockType", "ROSClock"]


class Clock:
    """``Clock()`` is the system's; ``Clock(clock_type=ClockType.ROS_TIME)`` is a ROS clock."""

    def __new__(cls, *, clock_type: ClockType = ClockType.SYSTEM_TIME) -> Clock:
        """Return a ROSClock for ROS time."""
        return super().__new__(ROSClock if clock_type == ClockType.ROS_TIME else cls)

    def __init__(self, *, clock_type: ClockType = ClockType.SYSTEM_TIME) -> None:
        self.clock_type = clock_type

    def now(self) -> Time:
        """Return the present moment of this clock."""
        return Time(nanoseconds=self.now_ns(), clock_type=self.clock_type)

    def now_ns(self) -> int:
        """Return the present moment [ns], without making an object of it."""
        return time.monotonic_ns() if self.clock_type == ClockType.STEADY_TIME else time.time_ns()


class ROSClock(Clock):
    """System time until simulated time is switched on; then what was last set."""

    def __new__(cls, *, clock_type: ClockType = ClockType.ROS_TIME) -> ROSClock:
        """Return a ROSClock, whatever the type says."""
        return object.__new__(cls)

    def __init__(self, *, clock_type: ClockType = ClockType.ROS_TIME) -> None:
        super().__init__(clock_type=ClockType.ROS_TIME)
        self._override_ns: int | None = None
        self._watchers: list[Callable[[], None]] = []
        self._lock = threading.Lock()

    @property
    def ros_time_is_active(self) -> bool:
        """Say whether this clock is simulated."""
        return self._override_ns is not None

    def now_ns(self) -> int:
        """Return the simulated moment if simulated, else the system's [ns]."""
        simulated = self._override_ns
        return time.time_ns() if simulated is None else simulated

    def set_ros_time_override(self, moment: Time | None) -> None:
        """Set the simulated moment, None for system time again, and wake who waits on this clock."""
        self._override_ns = None if moment is None else moment.nanoseconds
        with self._lock:
            watchers = list(self._watchers)
        for watcher in watchers:
            watcher()

    def add_jump_watcher(self, watcher: Callable[[], None]) -> None:
        """Call ``watcher`` whenever the simulated moment is set."""
        with self._lock:
            self._watchers.append(watcher)
