"""A made-up gamepad: it moves a little now and then, and its cable comes loose sometimes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from irevla.app.graph.bridge import Answer
from irevla.app.graph.facts import Fact, Teleop
from irevla.app.graph.requests import Request

PERIOD_S = 0.2
TURN_S = 16.0  # it is moved for the first half of each turn
LOOSE_EVERY_S, LOOSE_S = 120.0, 6.0


class FakeTeleop:
    """Speaks at 5 Hz, as the teleop node does."""

    def __init__(self, seed: int = 0) -> None:
        random = np.random.default_rng(seed)
        self._speeds_hz = random.uniform(0.1, 0.4, 6)
        self._sizes = random.uniform(0.1, 0.6, 6)
        self._told_s = -math.inf
        self._since_s: float | None = None

    def facts(self, now_s: float) -> Sequence[Fact]:
        """Return what is steered."""
        if now_s - self._told_s < PERIOD_S - 1e-3:
            return ()
        self._told_s = now_s
        self._since_s = now_s if self._since_s is None else self._since_s
        return (self._now(now_s - self._since_s, now_s),)

    def answer(self, request: Request, now_s: float) -> Answer | None:
        """Teleop answers no requests."""
        return None

    def _now(self, time_s: float, now_s: float) -> Teleop:
        is_loose = time_s % LOOSE_EVERY_S > LOOSE_EVERY_S - LOOSE_S
        moves = not is_loose and time_s % TURN_S < TURN_S / 2
        axes = self._sizes * np.sin(2 * math.pi * self._speeds_hz * time_s) * moves
        return Teleop(
            received_s=now_s,
            devices=() if is_loose else ("gamepad: Xbox Wireless Controller",),
            active="gamepad",
            takes_over=moves,
            axes=tuple(float(axis) for axis in axes),
            gripper_open=time_s % TURN_S < TURN_S / 4,
            detail="the gamepad was unplugged: the arm stands still; plug it in again" if is_loose else "",
        )
