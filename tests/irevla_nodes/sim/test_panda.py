"""The arm's model against Franka's published kinematics and limits."""

from __future__ import annotations

from pathlib import Path

import mujoco
import numpy as np
import pytest

from irevla.config.errors import DeviceError
from irevla.config.robot import RobotSettings
from irevla_nodes.sim import panda
from irevla_nodes.sim.panda import GRIPPER_MAX_M, JOINT_RANGE_RAD, JOINTS, TORQUE_NM, panda_spec


def test_tool_stands_where_frankas_kinematics_put_it() -> None:
    # Franka's ready pose, with the lengths of its Denavit-Hartenberg table, by hand in the plane of the arm: the upper
    # arm (0.316) leans back by 45 degrees, its elbow offset (0.0825) is square to it; the forearm is level (0.384), its
    # offset (0.0825) points up before it; the flange (0.088) reaches on, the tool (0.107 + 0.1034) hangs straight down.
    model = panda_spec().compile()
    data = mujoco.MjData(model)
    data.qpos[:7] = (0, -np.pi / 4, 0, -3 * np.pi / 4, 0, np.pi / 2, np.pi / 4)
    mujoco.mj_kinematics(model, data)
    s = np.sqrt(0.5)
    x = -0.316 * s + 0.0825 * s + 0.384 + 0.088
    z = 0.333 + 0.316 * s + 0.0825 * s + 0.0825 - 0.107 - 0.1034
    assert data.site("tcp").xpos == pytest.approx([x, 0.0, z], abs=1e-4)
    assert data.site("tcp").xmat.reshape(3, 3) == pytest.approx(np.diag([1.0, -1.0, -1.0]), abs=1e-4)


def test_home_holds_the_tool_over_the_middle_of_the_table() -> None:
    model = panda_spec().compile()
    data = mujoco.MjData(model)
    data.qpos[:7] = RobotSettings().home_rad
    mujoco.mj_kinematics(model, data)
    assert data.site("tcp").xpos == pytest.approx([0.45, 0.0, 0.25], abs=1e-3)


def test_motors_and_joints_have_the_real_limits() -> None:
    model = panda_spec().compile()
    assert [model.actuator(name).ctrlrange[1] for name in JOINTS] == list(TORQUE_NM)
    assert [tuple(model.joint(name).range) for name in JOINTS] == list(JOINT_RANGE_RAD)
    assert model.actuator("gripper").ctrlrange.tolist() == [0.0, GRIPPER_MAX_M]


@pytest.mark.parametrize(("visual", "least", "most"), [("fast", 2_000, 3_000), ("fine", 100_000, 200_000)])
def test_drawn_meshes_are_as_heavy_as_promised(visual: panda.Visual, least: int, most: int) -> None:
    model = panda_spec(visual).compile()
    drawn = [model.geom_dataid[i] for i in range(model.ngeom) if model.geom_group[i] == 0]
    assert least < sum(int(model.mesh_facenum[mesh]) for mesh in drawn) < most


def test_missing_model_names_the_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(panda, "find_spec", lambda name: None)
    with pytest.raises(DeviceError, match="gymnasium-robotics"):
        panda_spec()
