"""Set points between two targets: a controller that is told a step of centimetres at once would jerk."""

from __future__ import annotations

import numpy as np

from irevla_nodes.arbiter import quaternion as quaternions
from irevla_nodes.arbiter.quaternion import Quaternion
from irevla_nodes.arbiter.target import Target


class Glide:
    """From one target to another in ``steps`` equal parts: a straight line, the shortest turn.

    The line between two points of the workspace box stays in it. A turn between two orientations of the cone may leave
    it, by less than 0.01 rad at the 0.2 rad of one step.
    """

    def __init__(self, start: Target, goal: Target, steps: int) -> None:
        self._start, self._goal, self._steps = start, goal, steps
        self._done = 0

    @property
    def goal(self) -> Target:
        """Where it ends, and stays."""
        return self._goal

    @property
    def is_over(self) -> bool:
        """Whether the goal was given out."""
        return self._done >= self._steps

    def next(self) -> Target:
        """Return the next set point; the goal itself at the end and from then on."""
        self._done += 1
        if self._done >= self._steps:
            return self._goal
        part = self._done / self._steps
        position = self._start.position_m + part * (self._goal.position_m - self._start.position_m)
        turn = quaternions.between(_tuple(self._start), _tuple(self._goal), part)
        return Target(position, np.array(turn), self._goal.gripper_width_m)


def _tuple(target: Target) -> Quaternion:
    x, y, z, w = target.quaternion_xyzw.tolist()
    return (x, y, z, w)
