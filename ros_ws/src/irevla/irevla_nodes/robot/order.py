"""What the arbiter told the arm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irevla.config.errors import ProposalError
from irevla_nodes.arbiter.target import Target


@dataclass(frozen=True, eq=False)
class Order:
    """One `arbiter/command`."""

    episode_id: str
    step: int
    target: Target
    is_hold: bool

    def check(self) -> None:
        """Raise ProposalError when the target is none: NaN, infinite, or of a wrong shape."""
        target = self.target
        numbers = np.concatenate([target.position_m, target.quaternion_xyzw, [target.gripper_width_m]])
        if numbers.shape != (8,) or not np.isfinite(numbers).all():
            raise ProposalError(f"arbiter/command: expected a finite target, got {numbers}; who published it?")
