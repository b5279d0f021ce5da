"""What the arbiter told the arm."""

from __future__ import annotations

from dataclasses import dataclass

from irevla_nodes.arbiter.target import Target


@dataclass(frozen=True, eq=False)
class Order:
    """One `arbiter/command`."""

    episode_id: str
    step: int
    target: Target
    is_hold: bool
