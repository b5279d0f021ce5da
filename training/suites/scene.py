"""What a suite offers for one task: a simulated scene that can be reset, stepped and judged, and an expert for it."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from irevla.policies.base import Floats


class Expert(Protocol):
    """Proposes actions that solve the task, from the simulator's whole state."""

    def act(self) -> Floats:
        """Return an action ``(7,)`` in [-1, 1] for the present state."""


class Scene(Protocol):
    """One simulated task. State and action as in ``irevla.policies.base``; a step is one decision of the policy."""

    @property
    def model(self) -> Any:
        """The MuJoCo model that is drawn."""

    @property
    def data(self) -> Any:
        """Its data, with kinematics up to date after ``reset`` and ``step``."""

    @property
    def cameras(self) -> tuple[str, ...]:
        """Cameras of the model that the policy sees, by name."""

    @property
    def max_steps(self) -> int:
        """Decisions after which an episode is a time-out."""

    @property
    def success(self) -> bool:
        """Whether the task is done."""

    def reset(self, rng: np.random.Generator) -> None:
        """Start an episode; everything random comes from ``rng``."""

    def step(self, action: Floats) -> None:
        """Carry out one action ``(7,)`` in [-1, 1]."""

    def state(self) -> Floats:
        """Return the observation's state ``(7,)``."""

    def expert(self, rng: np.random.Generator, noise: float) -> Expert:
        """Return an expert for the episode that was reset last; ``noise`` is a standard deviation in action units."""
