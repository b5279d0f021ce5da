"""The simulated cameras: what they see, and that it follows from qpos alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import mujoco
import numpy as np
import pytest
from numpy.typing import NDArray

from irevla.config.errors import DeviceError, UnknownNameError
from irevla.config.tasks import task, tasks
from irevla_nodes.sim.camera import SimCamera
from irevla_nodes.sim.simulator import Simulator
from irevla_nodes.sim.world import build_model

Picture = NDArray[np.uint8]
Play = Callable[[str, int, float], Any]
PICK = task("pick_red_block")
SIDE_PX = 96


@pytest.fixture(scope="module")
def front() -> Iterator[SimCamera]:
    camera = SimCamera("front", SIDE_PX, SIDE_PX)
    yield camera
    camera.close()


@pytest.fixture(scope="module")
def wrist() -> Iterator[SimCamera]:
    camera = SimCamera("wrist", SIDE_PX, SIDE_PX)
    yield camera
    camera.close()


def red(picture: Picture) -> NDArray[np.bool_]:
    channels = picture.astype(int)
    return (channels[..., 0] > 90) & (channels[..., 1] < 50) & (channels[..., 2] < 50)


def span(mask: NDArray[np.bool_]) -> tuple[int, int]:
    """Width and height of what is true, in pixels."""
    rows, columns = np.nonzero(mask)
    return int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1


def test_picture_follows_from_qpos_alone(simulator: Simulator, front: SimCamera) -> None:
    simulator.reset(PICK, 0)
    first = simulator.qpos
    picture = front.render(PICK, first)
    simulator.reset(PICK, 1)
    assert (front.render(PICK, simulator.qpos) != picture).any()
    assert (front.render(PICK, first) == picture).all()
    other = SimCamera("front", SIDE_PX, SIDE_PX)
    assert (other.render(PICK, first) == picture).all()
    other.close()
    assert picture.shape == (SIDE_PX, SIDE_PX, 3)
    assert picture.dtype == np.uint8


def test_another_process_renders_the_same_picture(simulator: Simulator, front: SimCamera) -> None:
    simulator.reset(PICK, 5)
    qpos = simulator.qpos
    script = (
        "import sys, numpy as np; from irevla.config.tasks import task; from irevla_nodes.sim.camera import SimCamera\n"
        f"camera = SimCamera('front', {SIDE_PX}, {SIDE_PX}); qpos = np.frombuffer(bytes.fromhex(sys.argv[1]))\n"
        "sys.stdout.buffer.write(camera.render(task('pick_red_block'), qpos).tobytes())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, qpos.tobytes().hex()],
        capture_output=True,
        check=True,
        timeout=60,
        env=os.environ,
    )
    assert done.stdout == front.render(PICK, qpos).tobytes()
    assert done.stderr == b""  # contexts are freed in time even though nobody called close


@pytest.mark.parametrize("seed", range(8))
def test_front_camera_shows_the_block_large_enough(simulator: Simulator, front: SimCamera, seed: int) -> None:
    simulator.reset(PICK, seed)
    width, height = span(red(front.render(PICK, simulator.qpos)))
    assert width >= 6
    assert height >= 6


@pytest.mark.parametrize("seed", range(8))
def test_wrist_camera_sees_block_and_fingers_at_the_start(simulator: Simulator, wrist: SimCamera, seed: int) -> None:
    simulator.reset(PICK, seed)
    picture = wrist.render(PICK, simulator.qpos)
    assert red(picture).sum() > 40
    dark = (picture.max(axis=2) < 45)[-40:]
    assert dark[:, :32].sum() > 50
    assert dark[:, -32:].sum() > 50


def test_wrist_camera_sees_what_the_fingers_hold(play: Play, wrist: SimCamera) -> None:
    episode = play("pick_red_block", 0, 0.0)
    assert episode.success
    assert red(wrist.render(PICK, episode.states[-1])).sum() > 200


def test_front_camera_sees_the_table_under_the_whole_start_area() -> None:
    model = build_model(PICK)
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    camera = model.camera("front").id
    base_R_camera, eye_m = data.cam_xmat[camera].reshape(3, 3), data.cam_xpos[camera]
    focal = 1 / np.tan(np.radians(model.cam_fovy[camera]) / 2)
    for corner in np.array(np.meshgrid([0.30, 0.72], [-0.28, 0.28], [0.01])).reshape(3, -1).T:
        x, y, z = base_R_camera.T @ (corner - eye_m)
        assert abs(focal * x / -z) < 1
        assert abs(focal * y / -z) < 1


@pytest.mark.parametrize("name", sorted(tasks()))
def test_every_task_can_be_seen_by_both_cameras(
    simulator: Simulator, front: SimCamera, wrist: SimCamera, name: str
) -> None:
    chosen = task(name)
    simulator.reset(chosen, 0)
    first = simulator.qpos
    simulator.reset(chosen, 1)
    second = simulator.qpos
    second[:9] = first[:9]  # the same arm: what differs is the scene
    for camera in (front, wrist):
        assert (camera.render(chosen, first) != camera.render(chosen, second)).any(axis=2).sum() > 20


def test_state_of_another_task_is_refused(simulator: Simulator, front: SimCamera) -> None:
    simulator.reset(task("press_button"), 0)
    with pytest.raises(DeviceError, match="expected 16 positions"):
        front.render(PICK, simulator.qpos)


def test_unknown_camera_names_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="front, wrist"):
        SimCamera("frnt", SIDE_PX, SIDE_PX)


def test_closed_camera_says_so(simulator: Simulator) -> None:
    camera = SimCamera("wrist", 32, 32)
    simulator.reset(PICK, 0)
    camera.render(PICK, simulator.qpos)
    camera.close()
    camera.close()
    with pytest.raises(DeviceError, match="closed"):
        camera.render(PICK, simulator.qpos)


def test_unknown_graphics_platform_is_a_clear_error(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    simulator.reset(PICK, 0)
    monkeypatch.setenv("MUJOCO_GL", "vulkan")
    with pytest.raises(DeviceError, match="MUJOCO_GL is 'vulkan'"):
        SimCamera("front", 32, 32).render(PICK, simulator.qpos)
