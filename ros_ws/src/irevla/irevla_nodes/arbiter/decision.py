"""What the arbiter decides: a motion inside the limits, or a hold and why."""

from __future__ import annotations

from dataclasses import dataclass

from irevla_nodes.arbiter.envelope import Command
from irevla_nodes.arbiter.reports import ArmReport
from irevla_nodes.arbiter.source import Source


@dataclass(frozen=True, eq=False)
class Motion:
    """Move: the answer to one proposal."""

    episode_id: str
    step: int
    source: Source
    command: Command


@dataclass(frozen=True, eq=False)
class Hold:
    """Stay where the arm stands, until somebody resumes."""

    episode_id: str
    reason: str
    arm: ArmReport | None  # the latest measurement; None before the first


Decision = Motion | Hold
