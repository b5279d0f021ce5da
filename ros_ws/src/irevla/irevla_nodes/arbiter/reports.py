"""What the arbiter is told: the episode, the arm and a proposal, each as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irevla_nodes.arbiter.source import Source
from irevla_nodes.arbiter.target import Floats64


@dataclass(frozen=True)
class EpisodeReport:
    """The session's state, as far as the arbiter cares."""

    episode_id: str = ""
    mode: str = ""  # "policy" | "teleop" | "expert"
    is_running: bool = False


@dataclass(frozen=True, eq=False)
class ArmReport:
    """The arm as measured at one step."""

    episode_id: str
    step: int
    tcp_position_m: Floats64  # (3,), base frame; not checked yet
    tcp_quaternion_xyzw: Floats64  # (4,)
    gripper_width_m: float
    error: str = ""  # plain words; "" when the arm is healthy

    def is_where(self, other: ArmReport) -> bool:
        """Say whether both measured the same pose, to the bit."""
        same_place = np.array_equal(self.tcp_position_m, other.tcp_position_m)
        return same_place and np.array_equal(self.tcp_quaternion_xyzw, other.tcp_quaternion_xyzw)


@dataclass(frozen=True, eq=False)
class Proposal:
    """One proposed step; ``action`` is whatever came, nothing about it is checked yet."""

    source: Source
    episode_id: str
    step: int
    action: object
