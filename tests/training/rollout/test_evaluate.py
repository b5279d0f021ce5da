"""Evaluation: its own start states, the same for every policy."""

from __future__ import annotations

from contextlib import closing

import numpy as np

from irevla.policies.base import ACTION_DIM, Floats, Image
from irevla.training.rollout.episode import Decision
from irevla.training.rollout.evaluate import evaluate
from irevla.training.rollout.lanes import make_lanes
from irevla.training.rollout.seeds import derived_seed, episode_seeds
from point_env import PointEnv


def inwards(pictures: Image, states: Floats) -> Decision:
    actions = np.zeros((len(states), ACTION_DIM), np.float32)
    actions[:, :2] = -4.0 * states[:, :2]
    return Decision(actions)


def test_a_solver_succeeds_and_idleness_does_not() -> None:
    starts: list[list[float]] = []

    def idle(pictures: Image, states: Floats) -> Decision:
        starts.append(states[0].tolist())
        return Decision(np.zeros((len(states), ACTION_DIM), np.float32))

    with closing(make_lanes(lambda: PointEnv(mark=(0.0, 0.0)), 4)) as lanes:
        solved = evaluate(lanes, inwards, seed=0, task="reach", episodes=10)
        assert (solved.successes, solved.n) == (10, 10)
        failed = evaluate(lanes, idle, seed=0, task="reach", episodes=10)
        assert failed.n == 10 and failed.successes < 4


def test_evaluation_shares_no_start_state_with_anything_else() -> None:
    evaluation = episode_seeds("evaluation", 0, "reach", 0, 1000)
    assert all(2**31 <= seed < 2**32 for seed in evaluation)
    for purpose in ("training", "greedy", "zero-shot", "demonstration"):
        assert all(0 <= seed < 2**31 for seed in episode_seeds(purpose, 0, "reach", 0, 1000))  # type: ignore[arg-type]


def test_seeds_depend_on_every_argument_and_on_nothing_else() -> None:
    base = episode_seeds("training", 0, "reach", 0, 50)
    assert len(set(base)) == 50
    assert episode_seeds("training", 0, "reach", 10, 5) == base[10:15]
    for other in (
        episode_seeds("greedy", 0, "reach", 0, 50),
        episode_seeds("training", 1, "reach", 0, 50),
        episode_seeds("training", 0, "push", 0, 50),
    ):
        assert not set(base) & set(other)
    assert derived_seed(0, "a", 1) == 67782457
