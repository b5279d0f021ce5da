"""What the lanes bring home: one whole episode as arrays, and what an actor decides at a step. Needs no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from numpy.typing import NDArray

from irevla.policies.base import Floats, Image

Extras = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Decision:
    """Actions ``(B, 7)`` in [-1, 1] and what is to be kept beside them, arrays ``(B, ...)`` by name."""

    actions: Floats
    extras: Extras = field(default_factory=dict)


class Actor(Protocol):
    """Decides for the lanes that are awake."""

    def __call__(self, pictures: Image, states: Floats) -> Decision:
        """Return one decision a row of pictures ``(B, V, P, P, 3)`` and states ``(B, 7)``."""


@dataclass(frozen=True)
class Episode:
    """T decisions from one start state. A success is a real end; everything else is a time-out."""

    seed: int
    success: bool
    pictures: Image
    """``(T, V, P, P, 3)``."""
    states: Floats
    """``(T, 7)``."""
    actions: Floats
    """``(T, 7)``: what was carried out."""
    final_pictures: Image
    """``(V, P, P, 3)``: after the last decision."""
    final_state: Floats
    """``(7,)``."""
    extras: Extras = field(default_factory=dict)
    """``(T, ...)`` by name: what the actor kept."""

    def __len__(self) -> int:
        return len(self.actions)
