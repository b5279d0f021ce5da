"""Where the simulated cameras sit: by hand, and by finding the tool in what they see."""

from __future__ import annotations

import math

import mujoco
import numpy as np
import pytest
from numpy.typing import NDArray

from irevla.config.errors import ConfigError
from irevla.config.tasks import task
from irevla.training.suites.offscreen import Offscreen
from irevla_nodes.arbiter import quaternion as quaternions
from irevla_nodes.sim.mount import camera_mount
from irevla_nodes.sim.panda import HAND, TCP
from irevla_nodes.sim.simulator import Simulator
from irevla_nodes.sim.world import build_model, build_spec

PICK = task("pick_red_block")
SIDE_PX = 240
FOV_Y_RAD = {"front": math.radians(40.0), "wrist": math.radians(75.0)}
MAGENTA = (1.0, 0.0, 1.0, 1.0)
Floats = NDArray[np.float64]


def rotation(quaternion_xyzw: Floats) -> Floats:
    """Matrix of a unit quaternion, written out: no MuJoCo in it."""
    x, y, z, w = quaternions.normalised(tuple(quaternion_xyzw.tolist()))
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def test_the_front_camera_stands_in_the_base_frame_looking_back_and_down() -> None:
    mount = camera_mount(build_model(PICK), "front")
    assert not mount.is_on_tool
    np.testing.assert_allclose(mount.position_m, (1.22, 0.0, 0.72), atol=1e-9)
    sine, cosine = math.sin(0.66), math.cos(0.66)
    right, down, forward = (0, 1, 0), (sine, 0, -cosine), (-cosine, 0, -sine)
    np.testing.assert_allclose(rotation(mount.quaternion_xyzw), np.column_stack([right, down, forward]), atol=1e-6)


def test_the_wrist_camera_sits_on_the_tool_ahead_of_it_and_sees_along_it() -> None:
    mount = camera_mount(build_model(PICK), "wrist")
    assert mount.is_on_tool
    # 70 mm ahead of the flange's axis, 20 mm below the flange, whose tool centre is 103.4 mm below it.
    np.testing.assert_allclose(mount.position_m, (0.07, 0.0, 0.02 - 0.1034), atol=1e-6)
    sine, cosine = math.sin(0.38), math.cos(0.38)
    right, down, forward = (0, 1, 0), (-cosine, 0, -sine), (-sine, 0, cosine)
    np.testing.assert_allclose(rotation(mount.quaternion_xyzw), np.column_stack([right, down, forward]), atol=1e-5)


@pytest.mark.parametrize("name", ["front", "wrist"])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_tool_is_in_the_picture_where_the_frames_say(simulator: Simulator, name: str, seed: int) -> None:
    arm = simulator.reset(PICK, seed)
    mount = camera_mount(build_model(PICK), name)
    base_R_tool, tool_m = rotation(arm.tcp_quaternion_xyzw), arm.tcp_position_m
    base_R_optical, eye_m = rotation(mount.quaternion_xyzw), mount.position_m
    if mount.is_on_tool:
        base_R_optical, eye_m = base_R_tool @ base_R_optical, tool_m + base_R_tool @ eye_m
    x, y, z = base_R_optical.T @ (tool_m - eye_m)
    focal_px = SIDE_PX / 2 / math.tan(FOV_Y_RAD[name] / 2)
    expected_px = (SIDE_PX / 2 + focal_px * x / z, SIDE_PX / 2 + focal_px * y / z)
    assert z > 0
    np.testing.assert_allclose(where_a_mark_on_the_tool_is_drawn(simulator.qpos, name), expected_px, atol=1.0)


def where_a_mark_on_the_tool_is_drawn(qpos: Floats, name: str) -> tuple[float, float]:
    """Column and row of a small bright ball at the tool's centre, in MuJoCo's own picture."""
    spec = build_spec(PICK, "fast")
    at = spec.site(TCP).pos
    spec.body(HAND).add_geom(
        type=mujoco.mjtGeom.mjGEOM_SPHERE, size=(0.006, 0, 0), pos=at, rgba=MAGENTA, contype=0, conaffinity=0
    )
    for geom in spec.geoms:  # what could stand in front of it
        if tuple(geom.rgba) != MAGENTA:
            geom.group = 3
    model = spec.compile()
    data = mujoco.MjData(model)
    data.qpos[:] = qpos
    mujoco.mj_forward(model, data)
    view = Offscreen(model, name, SIDE_PX, SIDE_PX)
    picture = view.draw(data).astype(int)
    view.close()
    rows, columns = np.nonzero((picture[..., 0] > 60) & (picture[..., 2] > 60) & (picture[..., 1] < 40))
    assert len(rows) > 4, "the mark is not in the picture"
    return float(columns.mean() + 0.5), float(rows.mean() + 0.5)


def test_a_camera_on_another_link_is_refused() -> None:
    spec = build_spec(PICK, "fast")
    spec.body("panda0_link5").add_camera(name="elbow")
    with pytest.raises(
        ConfigError, match="'elbow': expected one on the world or on the hand, got one on 'panda0_link5'"
    ):
        camera_mount(spec.compile(), "elbow")
