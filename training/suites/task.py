"""A task of a suite: what stands there, how it differs from the known one, and what the VLA is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["expert", "rl", "unseen"]
Triple = tuple[float, float, float]


@dataclass(frozen=True)
class Variation:
    """How a task's object differs from the known one; names are those of the suite's MJCF."""

    colors: dict[str, tuple[float, float, float, float]] = field(default_factory=dict)
    """RGBA of a material, or of a geom that has none."""
    stretch: dict[str, Triple] = field(default_factory=dict)
    """Factors along x y z of a body with all it carries, of a mesh, or of a primitive geom: another shape."""
    shift_m: Triple = (0.0, 0.0, 0.0)
    """Added to every start position of the object [m]."""

    @property
    def is_none(self) -> bool:
        """Whether the object is the known one."""
        return not self.colors and not self.stretch and not any(self.shift_m)


@dataclass(frozen=True)
class SuiteTask:
    """One task of a suite."""

    name: str
    kind: Kind
    base: str
    """The suite's own name of the environment it varies."""
    instruction: str
    """The words the VLA hears."""
    variation: Variation = Variation()
