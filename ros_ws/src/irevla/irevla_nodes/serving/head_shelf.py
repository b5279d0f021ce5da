"""The heads that came from the learner, and which one is due at the next step."""

from __future__ import annotations

from dataclasses import dataclass

HEADS_KEPT = 4


@dataclass(frozen=True, eq=False)
class HeadData:
    """One message of learner/weights."""

    version: int
    latent_key: str
    sha256: str
    data: bytes


@dataclass(frozen=True)
class Due:
    """What to act with: ``head`` to swap to first (None: the running one), or nothing at all while ``waits``."""

    head: HeadData | None = None
    waits: bool = False
    warning: str = ""


class HeadShelf:
    """Keeps the newest heads by version."""

    def __init__(self) -> None:
        self._heads: dict[int, HeadData] = {}

    def clear(self) -> None:
        """Forget every head: another model is served, or another task began."""
        self._heads.clear()

    def put(self, head: HeadData) -> None:
        """Keep a head; the oldest versions give way."""
        self._heads[head.version] = head
        while len(self._heads) > HEADS_KEPT:
            del self._heads[min(self._heads)]

    def due(self, running: int, pinned: int | None) -> Due:
        """Return the head for the next step, given the version that runs and the one the episode is pinned to."""
        newest = max(self._heads, default=running)
        if pinned is None:
            return Due(self._heads[newest]) if newest > running else Due()
        if pinned == running:
            return Due()
        if pinned > running and pinned in self._heads:
            return Due(self._heads[pinned])
        if newest > pinned:
            # This process began too late to hear of the pinned head (it was killed): the newest is the best there is.
            head = self._heads[newest] if newest > running else None
            return Due(head, warning=f"head version {pinned} is gone; acting with {max(newest, running)}")
        if pinned < running:
            return Due(warning=f"head version {pinned} is gone; acting with {running}")
        return Due(waits=True)
