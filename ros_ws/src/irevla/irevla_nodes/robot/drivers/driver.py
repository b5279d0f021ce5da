"""What a real arm's driver does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from irevla_nodes.arbiter.target import Target
from irevla_nodes.sim.arm_state import ArmState


@dataclass(frozen=True, eq=False)
class Measurement:
    """The newest state of the arm, and how long ago it was measured."""

    arm: ArmState
    age_s: float


class ArmDriver(Protocol):
    """A Franka whose Cartesian impedance controller somebody else runs. No call waits for the network.

    The driver keeps no limits: what reaches `move_to` has passed the arbiter's envelope already.
    """

    reflex_hint: str
    """What a person does when the arm stands in a reflex or its user stop is pressed."""

    def read(self) -> Measurement:
        """Return the newest measurement, however old; raises DeviceError when there is none, or the way is broken."""

    def move_to(self, target: Target) -> None:
        """Make ``target`` the controller's set point; its gripper width is not looked at."""

    def grip(self, *, is_open: bool) -> None:
        """Open or close the gripper; either is a whole motion of about half a second."""

    def recover(self) -> None:
        """Ask the arm to leave a reflex, where the backend can."""

    def close(self) -> None:
        """Send what is still to be sent and let go of the arm, which keeps its last set point."""
