"""A wave: one whole episode a lane, all lanes stepping together until the last is over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from irevla.config.errors import UserError
from irevla.policies.base import ACTION_DIM
from irevla.training.rollout.episode import Actor, Episode
from irevla.training.rollout.lanes import Lanes

Row = dict[str, NDArray[Any]]


def play(lanes: Lanes, seeds: Sequence[int], act: Actor) -> list[Episode]:
    """Play the episodes of ``seeds``, at most one a lane, and return them in that order; ``act`` sees awake lanes only.

    Raises UserError for more seeds than lanes, and what the lanes raise.
    """
    if not 0 < len(seeds) <= lanes.num_envs:
        raise UserError(f"a wave of {lanes.num_envs} lanes: expected 1 to {lanes.num_envs} seeds, got {len(seeds)}")
    start: Any = [*seeds, *[None] * (lanes.num_envs - len(seeds))]  # a list, which VectorEnv's annotation forgets
    seen, _ = lanes.reset(seed=start)
    steps: list[list[Row]] = [[] for _ in seeds]
    successes = np.zeros(len(seeds), dtype=np.bool_)
    actions = np.zeros((lanes.num_envs, ACTION_DIM), dtype=np.float32)
    awake = np.arange(len(seeds))
    while len(awake):
        pictures, states = seen["pictures"][awake], seen["state"][awake]
        decision = act(pictures, states)
        actions[awake] = decision.actions
        kept = {"pictures": pictures, "states": states, "actions": decision.actions, **decision.extras}
        for row, lane in enumerate(awake):
            steps[lane].append({name: values[row] for name, values in kept.items()})
        seen, _, _, _, info = lanes.step(actions)
        successes[awake] = info["success"][awake]
        awake = awake[~info["over"][awake]]
    # A sleeping lane keeps its last observation, so every lane's final one is here.
    return [
        _episode(seed, bool(successes[lane]), steps[lane], seen["pictures"][lane].copy(), seen["state"][lane].copy())
        for lane, seed in enumerate(seeds)
    ]


def play_all(lanes: Lanes, seeds: Sequence[int], act: Actor) -> Iterator[Episode]:
    """Yield the episodes of any number of seeds, a wave at a time."""
    for first in range(0, len(seeds), lanes.num_envs):
        yield from play(lanes, seeds[first : first + lanes.num_envs], act)


def _episode(seed: int, success: bool, steps: list[Row], pictures: NDArray[Any], state: NDArray[Any]) -> Episode:
    columns = {name: np.stack([step[name] for step in steps]) for name in steps[0]}
    return Episode(
        seed=seed,
        success=success,
        pictures=columns.pop("pictures"),
        states=columns.pop("states"),
        actions=columns.pop("actions"),
        final_pictures=pictures,
        final_state=state,
        extras=columns,
    )
