"""What a scene gives: its bodies, its start states, when it is done, and the next goal of its scripted expert."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from irevla_nodes.sim.arm_state import ArmState


@dataclass(frozen=True)
class Goal:
    """Where the expert wants the tool now, and how the gripper."""

    position_m: NDArray[np.float64]  # (3,), base frame
    yaw_rad: float  # turn of the tool about the base's z axis; 0 is straight ahead
    is_open: bool


class Scene(Protocol):
    """One scene and variant; everything visible follows from ``qpos``, so a camera can render it elsewhere."""

    def build(self, spec: Any) -> None:
        """Add the scene's bodies to the world of an ``MjSpec`` that holds the arm and the table."""

    def place(self, model: Any, data: Any, rng: np.random.Generator) -> None:
        """Write a start state into ``data.qpos``, drawn from ``rng`` alone."""

    def is_done(self, model: Any, data: Any) -> bool:
        """Say whether the task is accomplished now; needs kinematics and contacts up to date."""

    def goal(self, model: Any, data: Any, arm: ArmState) -> Goal:
        """Return the expert's goal for this state; needs kinematics up to date. It keeps no memory between calls."""
