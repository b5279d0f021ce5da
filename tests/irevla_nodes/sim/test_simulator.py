"""The simulator: repeatability, one step's meaning, clear errors."""

from __future__ import annotations

import numpy as np
import pytest

from irevla.config.errors import ConfigError, UnknownNameError, WrongStateError
from irevla.config.robot import RobotSettings
from irevla.config.tasks import Task, task
from irevla_nodes.arbiter.target import Target
from irevla_nodes.sim.arm_state import ArmState
from irevla_nodes.sim.simulator import GRIPPER_SPEED_M_S, Simulator

PICK = task("pick_red_block")


def at(arm: ArmState, shift_m: tuple[float, float, float] = (0, 0, 0), width_m: float = 0.08) -> Target:
    return Target(arm.tcp_position_m + np.array(shift_m), arm.tcp_quaternion_xyzw, width_m)


def trajectory(simulator: Simulator, seed: int) -> np.ndarray:
    arm = simulator.reset(PICK, seed)
    rng = np.random.default_rng(1)
    rows = [simulator.qpos]
    for step in range(15):
        shift = tuple(rng.uniform(-0.03, 0.03, 3))
        arm = simulator.step(at(arm, (shift[0], shift[1], shift[2] - 0.02), 0.0 if step > 8 else 0.08))
        rows.append(simulator.qpos)
    return np.array(rows)


def test_same_seed_and_targets_repeat_bit_for_bit(simulator: Simulator) -> None:
    first = trajectory(simulator, 3)
    trajectory(simulator, 4)  # what happened in between must not matter
    again = trajectory(simulator, 3)
    fresh = trajectory(Simulator(RobotSettings()), 3)
    assert (first == again).all()
    assert (first == fresh).all()


def test_start_state_depends_on_the_seed(simulator: Simulator) -> None:
    simulator.reset(PICK, 1)
    one = simulator.qpos
    simulator.reset(PICK, 2)
    assert (one[:7] != simulator.qpos[:7]).any()
    assert (one[9:11] != simulator.qpos[9:11]).all()


def test_step_lasts_one_policy_period(simulator: Simulator) -> None:
    arm = simulator.reset(PICK, 0)
    assert arm.time_s == 0.0
    assert simulator.step(at(arm)).time_s == pytest.approx(0.1)
    assert simulator.time_s == pytest.approx(0.1)


def test_arm_reaches_a_near_target(simulator: Simulator) -> None:
    start = simulator.reset(PICK, 0)
    target = at(start, (0.03, -0.02, 0.02))
    for _ in range(6):
        arm = simulator.step(target)
    assert arm.tcp_position_m == pytest.approx(target.position_m, abs=2e-3)
    assert np.linalg.norm(arm.tcp_twist) < 0.02


def test_twist_is_the_tools_velocity(simulator: Simulator) -> None:
    arm = simulator.reset(PICK, 0)
    start_m, down = arm.tcp_position_m, arm.tcp_quaternion_xyzw
    for step in range(1, 6):
        last, arm = arm, simulator.step(Target(start_m + np.array([0.0, 0.03 * step, 0.0]), down, 0.08))
    moved = (arm.tcp_position_m - last.tcp_position_m) / 0.1
    assert arm.tcp_twist[1] == pytest.approx(moved[1], abs=0.08)
    assert arm.tcp_twist[1] > 0.15


def test_gripper_closes_at_a_finite_speed(simulator: Simulator) -> None:
    arm = simulator.reset(PICK, 0)
    arm = simulator.step(at(arm, width_m=0.0))
    assert arm.gripper_width_m == pytest.approx(0.08 - 0.1 * GRIPPER_SPEED_M_S, abs=6e-3)
    for _ in range(6):
        arm = simulator.step(at(arm, width_m=0.0))
    assert arm.gripper_width_m == pytest.approx(0.0, abs=2e-3)


def test_effort_at_rest_is_gravity(simulator: Simulator) -> None:
    target = at(simulator.reset(PICK, 0))
    for _ in range(8):
        arm = simulator.step(target)
    # Joint 2 and 4 carry the arm, joint 1 turns about the vertical and carries nothing.
    assert abs(arm.joint_effort_nm[0]) < 1.0
    assert abs(arm.joint_effort_nm[1]) > 10.0


def test_states_are_copies(simulator: Simulator) -> None:
    arm = simulator.reset(PICK, 0)
    before = arm.joint_position_rad.copy()
    qpos = simulator.qpos
    simulator.step(at(arm, (0.03, 0, 0)))
    assert (arm.joint_position_rad == before).all()
    assert (qpos[:7] == before).all()


def test_step_before_reset_is_refused() -> None:
    simulator = Simulator(RobotSettings())
    with pytest.raises(WrongStateError, match="reset"):
        simulator.step(Target(np.zeros(3), np.array([1.0, 0, 0, 0]), 0.0))
    with pytest.raises(WrongStateError, match="reset"):
        _ = simulator.qpos


def test_rates_that_do_not_divide_are_refused() -> None:
    with pytest.raises(ConfigError, match="whole number"):
        Simulator(RobotSettings(policy_hz=7.0))


@pytest.mark.parametrize(
    ("scene", "variant"), [("juggle", "red"), ("pick", "banana"), ("button", "teal"), ("cable", "x"), ("drawer", "x")]
)
def test_unknown_scene_or_variant_names_the_known_ones(simulator: Simulator, scene: str, variant: str) -> None:
    with pytest.raises(UnknownNameError, match="available"):
        simulator.reset(Task(name=f"{scene}-{variant}", scene=scene, variant=variant, instruction=""), 0)
