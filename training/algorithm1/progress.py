"""Where a run of Algorithm 1 is. Needs no torch."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Progress:
    """Sent after every update of stage 1, and about twice a second in stage 2.

    A run that was killed tells its last update again when it goes on; (task, stage, step) says which it is.
    """

    task: str
    stage: Literal["rl", "sl"]
    step: int
    """Updates in stage 1, gradient steps in stage 2."""
    steps: int
    episodes: int = 0
    """Online episodes of this task so far."""
    env_steps: int = 0
    """Decisions in them."""
    success_rate: float = math.nan
    """Of this update's episodes, with exploration noise; NaN in stage 2."""
    losses: Mapping[str, float] = field(default_factory=dict)
    detail: str = ""
    """What a person should know: what D_RL gained, what is missing."""
