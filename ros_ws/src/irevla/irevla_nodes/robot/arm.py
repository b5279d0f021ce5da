"""What the robot node needs of an arm, simulated or real."""

from __future__ import annotations

from typing import Protocol

from irevla_nodes.robot.order import Order
from irevla_nodes.robot.snapshot import Snapshot


class Arm(Protocol):
    """One arm; every call from one executor, and none waits."""

    @property
    def now(self) -> Snapshot | None:
        """The present step; None before anything is known."""

    @property
    def trouble(self) -> str:
        """What is wrong with the arm, in plain words; "" while it is healthy."""

    @property
    def tick_s(self) -> float:
        """Seconds between two ticks of the clocked arm."""

    def obey(self, order: Order) -> Snapshot | None:
        """Take a command; returns the step that it made, if it made one."""

    def tick(self) -> Snapshot | None:
        """Let time pass; returns what is to be published."""

    def close(self) -> None:
        """Let go of the device."""
