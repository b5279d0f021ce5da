"""The scripted expert as a proposer in the graph: one action a step, the same again when the step is repeated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from irevla_nodes.arbiter.target import Floats64
from irevla_nodes.sim.arm_state import ArmState

Moment = tuple[str, int]
"""Episode id and step."""


class TaskExpert(Protocol):
    """Solves one task; `irevla_nodes.sim.expert.Expert` is one."""

    def restart(self, seed: int) -> None:
        """Begin another episode; ``seed`` fixes the noise."""

    def act(self, arm: ArmState, qpos: Floats64) -> NDArray[np.float32]:
        """Return an action (7,)."""


class ExpertHand:
    """Waits for the arm and the world of the same moment, then acts once."""

    def __init__(self, expert_of: Callable[[str], TaskExpert]) -> None:
        """``expert_of`` makes the expert of a task by name; each is kept for the task's next episodes."""
        self._expert_of = expert_of
        self._experts: dict[str, TaskExpert] = {}
        self._arm: tuple[Moment, ArmState] | None = None
        self._world: tuple[Moment, Floats64] | None = None
        self._expert: TaskExpert | None = None
        self._episode_id = ""
        self._done: tuple[Moment, NDArray[np.float32]] | None = None

    def change(self, expert_of: Callable[[str], TaskExpert]) -> None:
        """Use other experts from the next episode on; the present one's goes on."""
        self._expert_of = expert_of
        self._experts.clear()

    def start(self, episode_id: str, task: str, seed: int) -> None:
        """Begin to act in an episode; a repeated start of the same one is no new start."""
        if episode_id == self._episode_id:
            return
        if task not in self._experts:
            self._experts[task] = self._expert_of(task)
        self._expert = self._experts[task]
        self._expert.restart(seed)
        self._episode_id, self._done = episode_id, None

    def see_arm(self, episode_id: str, step: int, arm: ArmState) -> None:
        """Take the arm's state."""
        self._arm = ((episode_id, step), arm)

    def see_world(self, episode_id: str, step: int, qpos: Floats64) -> None:
        """Take the simulator's positions."""
        self._world = ((episode_id, step), qpos)

    def act(self) -> NDArray[np.float32] | None:
        """Return the action (7,) for the present moment, or None while a part of it is missing."""
        if self._arm is None or self._world is None or self._expert is None:
            return None
        moment, arm = self._arm
        if moment != self._world[0] or moment[0] != self._episode_id:
            return None
        if self._done is None or self._done[0] != moment:
            # Once a moment: the noise would go on with each call, and the episode would not repeat for its seed.
            self._done = (moment, self._expert.act(arm, self._world[1]))
        return self._done[1]
