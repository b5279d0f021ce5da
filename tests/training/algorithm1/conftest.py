"""Algorithm 1 on the benchmark of points and marks, in a folder of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from irevla.policies.checkpoint import save_checkpoint
from irevla.policies.create import create_vla
from irevla.training.algorithm1.algorithm1 import Algorithm1
from irevla.training.algorithm1.method import find_method
from irevla.training.frames import FrameSet
from irevla.training.rollout.demonstrations import demonstrate
from irevla.training.rollout.episode_frames import episode_frames
from irevla.training.train_round import normalise_state
from point_benchmark import EXPERT, POLICY, SETTINGS, TASKS, easy_lanes
from point_env import PointEnv

MakeRun = Callable[..., Algorithm1]


@pytest.fixture(scope="session")
def expert() -> FrameSet:
    return episode_frames([(EXPERT, demonstrate(PointEnv(), "reach", seed=0, count=3, noise=0.1).episodes)])


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory, expert: FrameSet) -> Path:
    folder = tmp_path_factory.mktemp("models") / "stage0"
    vla = create_vla(POLICY, seed=0)
    normalise_state(vla, expert)
    save_checkpoint(folder, vla, stage="stage0")
    return folder


@pytest.fixture
def make_run(tmp_path: Path, start: Path, expert: FrameSet) -> MakeRun:
    def make(method: str, folder: str = "run", **changes: object) -> Algorithm1:
        chosen = find_method(method)
        values: dict[str, object] = {
            "start_checkpoint": start if chosen.start == "stage0" else None,
            "expert": expert,
            "tasks": TASKS,
            "make_lanes": easy_lanes,
            "settings": SETTINGS,
            "seed": 0,
            "folder": tmp_path / folder,
        }
        return Algorithm1(chosen, **{**values, **changes})  # type: ignore[arg-type]

    return make
