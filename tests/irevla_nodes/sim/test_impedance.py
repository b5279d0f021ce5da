"""The impedance controller against hand-computed forces and the real arm's limits."""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np
import pytest

from irevla.config.robot import RobotSettings
from irevla_nodes.sim.impedance import TORQUE_RATE_NM_S, Impedance
from irevla_nodes.sim.panda import HAND, TORQUE_NM, panda_spec

DOWN_WXYZ = np.array([0.0, 1.0, 0.0, 0.0])


class Rig:
    """The arm alone, at home and at rest."""

    def __init__(self, robot: RobotSettings) -> None:
        spec = panda_spec()
        spec.option.timestep = 1 / robot.control_hz
        spec.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
        self.model: Any = spec.compile()
        self.data: Any = mujoco.MjData(self.model)
        self.data.qpos[:7] = robot.home_rad
        mujoco.mj_forward(self.model, self.data)
        self.control = Impedance(self.model, self.data, robot)
        self.home_m = self.tool_m()

    def tool_m(self) -> np.ndarray:
        return np.array(self.data.site("tcp").xpos)

    def run(self, target_m: np.ndarray, steps: int) -> list[np.ndarray]:
        torques = []
        for _ in range(steps):
            mujoco.mj_step1(self.model, self.data)
            torque = self.control.torque(target_m, DOWN_WXYZ)
            self.data.ctrl[:7] = torque
            torques.append(torque)
            mujoco.mj_step2(self.model, self.data)
        return torques

    def settled_torque(self, target_m: np.ndarray) -> np.ndarray:
        """The torque once the rate limit has caught up, with the arm held where it is; without gravity."""
        for _ in range(500):
            torque = self.control.torque(target_m, DOWN_WXYZ)
        return np.asarray(torque - self.data.qfrc_bias[:7])

    def wrench(self, torque: np.ndarray) -> np.ndarray:
        jacobian = np.zeros((6, self.model.nv))
        mujoco.mj_jacSite(self.model, self.data, jacobian[:3], jacobian[3:], self.model.site("tcp").id)
        return np.asarray(np.linalg.lstsq(jacobian[:, :7].T, torque, rcond=None)[0])


def test_holds_still_against_gravity() -> None:
    rig = Rig(RobotSettings())
    rig.run(rig.home_m, 500)
    assert np.linalg.norm(rig.tool_m() - rig.home_m) < 1e-3


def test_one_centimetre_pulls_with_twenty_newtons() -> None:
    # 2000 N/m * 0.01 m = 20 N along z, nothing else: at home and at rest the posture term is zero.
    rig = Rig(RobotSettings())
    wrench = rig.wrench(rig.settled_torque(rig.home_m + np.array([0, 0, 0.01])))
    assert wrench == pytest.approx([0, 0, 20, 0, 0, 0], abs=0.1)


def test_far_target_pulls_no_harder_than_the_clipped_error() -> None:
    # 0.05 m is the clip: 2000 * 0.05 = 100 N, however far the target.
    rig = Rig(RobotSettings())
    wrench = rig.wrench(rig.settled_torque(rig.home_m + np.array([0, 0, 5.0])))
    assert wrench == pytest.approx([0, 0, 100, 0, 0, 0], abs=0.5)


def test_gives_way_to_a_push_as_a_spring_does() -> None:
    # 10 N sideways on the hand's axis over 2000 N/m is 5 mm; the push's lever turns the tool, which 150 Nm/rad holds.
    rig = Rig(RobotSettings())
    hand = rig.model.body(HAND).id
    offset = rig.tool_m() - rig.data.xipos[hand]
    force = np.array([0.0, 10.0, 0.0])
    rig.data.xfrc_applied[hand, :3] = force
    rig.data.xfrc_applied[hand, 3:] = np.cross(offset, force)
    rig.run(rig.home_m, 1500)
    assert rig.tool_m() - rig.home_m == pytest.approx([0.0, 0.005, 0.0], abs=6e-4)


def test_torque_changes_no_faster_than_the_real_arm_allows() -> None:
    robot = RobotSettings()
    rig = Rig(robot)
    bias = rig.data.qfrc_bias[:7].copy()
    last = np.zeros(7)
    for _ in range(20):
        torque = rig.control.torque(rig.home_m + np.array([0.05, 0.05, -0.05]), DOWN_WXYZ) - bias
        assert np.abs(torque - last).max() <= TORQUE_RATE_NM_S / robot.control_hz + 1e-9
        last = torque
    assert np.abs(last).max() > 10  # the limit was what held it


def test_torque_never_exceeds_the_motors() -> None:
    rig = Rig(RobotSettings(stiffness_n_m=3000, error_clip_m=0.1, stiffness_nm_rad=300, error_clip_rad=0.5))
    sideways = np.array([0.5, 0.5, 0.5, 0.5])
    for target_m in (rig.home_m + 5.0, rig.home_m - 5.0):
        for _ in range(500):
            torque = rig.control.torque(target_m, sideways)
        assert (np.abs(torque) <= np.array(TORQUE_NM) + 1e-9).all()


def test_posture_pulls_with_joints_but_not_with_the_tool() -> None:
    rig = Rig(RobotSettings())
    rig.data.qpos[:7] += (0.2, 0.1, -0.2, 0.1, 0.2, -0.1, 0.3)
    mujoco.mj_forward(rig.model, rig.data)
    here_wxyz = np.zeros(4)
    mujoco.mju_mat2Quat(here_wxyz, rig.data.site("tcp").xmat)
    for _ in range(100):
        torque = rig.control.torque(rig.tool_m(), here_wxyz) - rig.data.qfrc_bias[:7]
    assert np.abs(torque).max() > 0.5
    assert rig.wrench(torque) == pytest.approx(np.zeros(6), abs=1e-2)


def test_elbow_is_pulled_home_without_moving_the_tool() -> None:
    rig = Rig(RobotSettings())
    push = rig.model.body("panda0_link4").id
    rig.data.xfrc_applied[push, 1] = 15.0
    rig.run(rig.home_m, 500)
    pushed_rad = abs(rig.data.qpos[2])
    rig.data.xfrc_applied[push, 1] = 0.0
    rig.run(rig.home_m, 1500)
    assert pushed_rad > 0.02
    assert abs(rig.data.qpos[2]) < 0.3 * pushed_rad
    assert np.linalg.norm(rig.tool_m() - rig.home_m) < 3e-3
