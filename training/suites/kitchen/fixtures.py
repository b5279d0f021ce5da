"""What can be operated in the kitchen: names of gymnasium-robotics' MJCF, with its own goals and threshold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from irevla.training.suites.task import Triple

GOAL_RADIUS = 0.3
"""A task is done when its joints are this near to the goal [m, rad]: gymnasium-robotics' ``BONUS_THRESH``."""

SPREAD_M: Mapping[str, Triple] = {
    "oven": (0.03, 0.02, 0.0),
    "slidecabinet": (0.03, 0.02, 0.03),
    "hingecabinet": (0.03, 0.02, 0.03),
    "microwave": (0.03, 0.03, 0.0),
}
"""Half the range of each piece of furniture's start positions, along x y z of the kitchen [m]."""


@dataclass(frozen=True)
class Fixture:
    """A thing that can be operated."""

    body: str
    """The piece of furniture that it belongs to."""
    site: str
    """Where the hand takes hold."""
    goal: Mapping[str, float]
    """Joint values [m, rad]; the first joint is the one that the hand moves."""

    @property
    def joint(self) -> str:
        """The joint that the hand moves."""
        return next(iter(self.goal))


FIXTURES: Mapping[str, Fixture] = {
    "bottom burner": Fixture("oven", "knob2_site", {"knob_Joint_2": -0.88, "bottom_left_burner": -0.01}),
    "light switch": Fixture("oven", "light_site", {"light_switch": -0.69, "light_joint": -0.05}),
    "slide cabinet": Fixture("slidecabinet", "slide_site", {"slide_cabinet": 0.37}),
    # The right door of the left cabinet: the handle of the other one is out of the arm's reach.
    "hinge cabinet": Fixture("hingecabinet", "hinge_site2", {"right_hinge_cabinet": 1.45, "left_hinge_cabinet": 0.0}),
    "microwave": Fixture("microwave", "microhandle_site", {"microwave": -0.75}),
}
"""By the name of gymnasium-robotics' task."""
