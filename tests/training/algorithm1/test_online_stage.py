"""When stage 1 ends, and which of its successes join D_RL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from irevla.policies.base import Floats, Image
from irevla.training.algorithm1.online_stage import OnlineStage
from irevla.training.ppo.ppo import PpoLosses
from irevla.training.rollout.episode import Actor, Decision, Episode
from irevla.training.rollout.lanes import Lanes, make_lanes
from irevla.training.rollout.seeds import episode_seeds
from point_benchmark import SETTINGS, ignore, never
from point_env import PointEnv

LANES = 4
ANYWHERE, NOWHERE = 3.0, 0.0  # how far from the mark counts as success
MakeStage = Callable[..., OnlineStage]


class Idle:
    """A learner that stands still and learns nothing."""

    waves = 1

    def explorer(self, wave: int) -> Actor:
        def act(pictures: Image, states: Floats) -> Decision:
            still = np.zeros((len(states), 7), dtype=np.float32)
            return Decision(still, {"means": still})

        return act

    def learn(self, episodes: Sequence[Episode]) -> PpoLosses:
        return PpoLosses()

    def tensors(self) -> dict[str, Tensor]:
        return {"nothing": torch.zeros(1)}

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        pass


@pytest.fixture
def make_stage(tmp_path: Path) -> Iterator[MakeStage]:
    opened: list[Lanes] = []

    def make(reach: float, **settings: object) -> OnlineStage:
        lanes = make_lanes(lambda: PointEnv(reach=reach), LANES)
        opened.append(lanes)
        sizes = SETTINGS.model_copy(update={"rl_episodes": 24, "solved_episodes": 8, **settings})
        return OnlineStage(Idle(), lanes, "near-new", sizes, seed=0, folder=tmp_path)

    yield make
    for lanes in opened:
        lanes.close()


def after(updates: int) -> Callable[[], bool]:
    """Return an ``is_cancelled`` that is true once so many updates were begun."""
    asked = count()
    return lambda: next(asked) >= updates


def test_a_solved_task_ends_stage_1_early(make_stage: MakeStage) -> None:
    stage = make_stage(ANYWHERE)
    assert stage.run(ignore, never)
    assert (stage.update, stage.episodes) == (2, 8)


def test_an_unsolved_task_gets_all_its_episodes(make_stage: MakeStage) -> None:
    stage = make_stage(NOWHERE)
    assert stage.run(ignore, never)
    assert (stage.update, stage.episodes) == (6, 24)
    assert stage.late_successes() == []


def test_a_stage_that_goes_on_remembers_how_well_it_went(make_stage: MakeStage) -> None:
    assert not make_stage(ANYWHERE).run(ignore, after(1))
    stage = make_stage(ANYWHERE)
    assert stage.update == 1 and not stage.is_over
    assert stage.run(ignore, never)
    assert stage.update == 2


def test_the_successes_of_the_last_part_are_kept_and_no_others(make_stage: MakeStage, tmp_path: Path) -> None:
    stage = make_stage(ANYWHERE, solved_episodes=1000, late_share=0.5)
    assert stage.run(ignore, never)
    assert [one.seed for one in stage.late_successes()] == episode_seeds("training", 0, "near-new", 12, 12)
    assert len(list(tmp_path.glob("successes-*.npz"))) == 3
