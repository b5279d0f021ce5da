"""What the supervisor knows of one node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Condition = Literal["starting", "running", "waiting", "ended"]


@dataclass(frozen=True)
class NodeStatus:
    """A node as of now; ``running`` means that its heartbeat was heard since its last start."""

    name: str
    condition: Condition
    pid: int | None
    restarts: int
    detail: str  # the heartbeat's words, or how it last ended
    tail: tuple[str, ...]  # last lines of its log
