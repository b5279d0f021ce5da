"""Lanes in processes give what lanes in this process give; a process that dies is named."""

from __future__ import annotations

import os
import signal
from contextlib import closing

import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from irevla.config.errors import WorldError
from irevla.policies.base import ACTION_DIM, Floats, Image
from irevla.training.rollout.episode import Decision
from irevla.training.rollout.lanes import ProcessLanes, make_lanes
from irevla.training.rollout.wave import play
from point_env import PointEnv


def inwards(pictures: Image, states: Floats) -> Decision:
    actions = np.zeros((len(states), ACTION_DIM), np.float32)
    actions[:, :2] = -states[:, :2]
    return Decision(actions)


@pytest.mark.filterwarnings("ignore:.*A Box observation space m:UserWarning")  # the state has no bounds
def test_the_point_env_keeps_gymnasiums_rules() -> None:
    check_env(PointEnv(), skip_render_check=True)


def test_processes_change_nothing() -> None:
    with closing(make_lanes(PointEnv, 3)) as here, closing(make_lanes(PointEnv, 3, processes=2)) as there:
        for seeds in ([1, 2, 3], [4, 5]):
            for one, other in zip(play(here, seeds, inwards), play(there, seeds, inwards), strict=True):
                assert one.success == other.success
                assert np.array_equal(one.pictures, other.pictures)
                assert np.array_equal(one.states, other.states)
                assert np.array_equal(one.final_state, other.final_state)


def test_a_killed_process_is_named() -> None:
    with closing(make_lanes(PointEnv, 2, processes=2)) as lanes:
        assert isinstance(lanes, ProcessLanes)
        play(lanes, [1, 2], inwards)
        pid = lanes.processes[1].pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        lanes.processes[1].join(10.0)
        with pytest.raises(WorldError, match=r"Worker<ProcessLanes>-1 \(exit code -9\)"):
            play(lanes, [1, 2], inwards)
