"""The scripted expert: range, repeatability, no memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from irevla.config.settings import Settings
from irevla.config.tasks import task
from irevla_nodes.sim.expert import Expert
from irevla_nodes.sim.simulator import Simulator

PICK = task("pick_red_block")
Play = Callable[[str, int, float], Any]


def test_actions_are_in_range_whatever_the_noise(simulator: Simulator, settings: Settings) -> None:
    arm = simulator.reset(PICK, 0)
    expert = Expert(PICK, 0, 5.0, settings.robot)
    actions = np.array([expert.act(arm, simulator.qpos) for _ in range(50)])
    assert actions.dtype == np.float32
    assert actions.shape == (50, 7)
    assert np.abs(actions).max() == 1.0


def test_works_from_the_state_alone(simulator: Simulator) -> None:
    """A fresh expert in the middle of an episode says what one that saw all of it says."""
    arm = simulator.reset(PICK, 0)
    seasoned = Expert(PICK, 0, 0.0)
    for seed in range(5):
        seasoned.act(simulator.reset(PICK, seed), simulator.qpos)
    arm, qpos = simulator.reset(PICK, 9), simulator.qpos
    assert (seasoned.act(arm, qpos) == Expert(PICK, 7, 0.0).act(arm, qpos)).all()


def test_same_seed_same_noise(simulator: Simulator) -> None:
    arm, qpos = simulator.reset(PICK, 0), simulator.qpos
    expert = Expert(PICK, 3, 0.3)
    first = [expert.act(arm, qpos) for _ in range(3)]
    expert.restart(3)
    assert (np.array(first) == [expert.act(arm, qpos) for _ in range(3)]).all()
    expert.restart(4)
    assert (first[0] != expert.act(arm, qpos)).any()


def test_first_move_is_down_and_towards_the_object_with_open_fingers(simulator: Simulator) -> None:
    for seed in range(5):
        arm, qpos = simulator.reset(PICK, seed), simulator.qpos
        action = Expert(PICK, 0, 0.0).act(arm, qpos)
        away = qpos[9:11] - arm.tcp_position_m[:2]
        assert action[:2] @ away > 0
        assert action[2] < -0.5
        assert action[6] == 1.0


def test_without_noise_it_is_short(play: Play) -> None:
    steps = [play("pick_red_block", seed, 0.0).steps for seed in range(6)]
    assert max(steps) <= 20
