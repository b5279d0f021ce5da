"""Who proposed a motion."""

from __future__ import annotations

from enum import IntEnum


class Source(IntEnum):
    """The values of Action.SOURCE_*."""

    HOLD = 0
    POLICY = 1
    TELEOP = 2
    RESET = 3
    EXPERT = 4


MAY_ACT: dict[str, tuple[Source, ...]] = {
    # First come those that win: a person's hand during a policy episode is an intervention.
    "policy": (Source.TELEOP, Source.POLICY),
    "teleop": (Source.TELEOP,),
    "expert": (Source.EXPERT,),
}
"""Who may act in an episode of this mode, by precedence; any other mode: nobody."""
