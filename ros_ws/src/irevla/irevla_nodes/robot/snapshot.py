"""The simulated world at one policy step: all that the robot node publishes."""

from __future__ import annotations

from dataclasses import dataclass

from irevla_nodes.arbiter.target import Floats64
from irevla_nodes.sim.arm_state import ArmState


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One step of one episode; ``stamp_ns`` is simulated time, which goes on over resets, so no stamp comes twice."""

    episode_id: str
    task: str
    seed: int
    step: int
    stamp_ns: int
    arm: ArmState
    qpos: Floats64
    qvel: Floats64
    success: bool
    error: str = ""  # plain words; "" while the arm is healthy
