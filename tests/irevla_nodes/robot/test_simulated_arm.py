"""The step counter in front of the simulator: one command one step, nothing late, nothing twice, no stamp twice."""

import math

import numpy as np
import pytest

from irevla.config.errors import DeviceError, ProposalError, UnknownNameError
from irevla.config.robot import RobotSettings
from irevla.config.tasks import Task
from irevla_nodes.arbiter.target import Target
from irevla_nodes.robot.order import Order
from irevla_nodes.robot.simulated_arm import SILENT_TICKS, SimulatedArm
from irevla_nodes.sim.arm_state import ArmState

DOWN = np.array([1.0, 0, 0, 0])
PERIOD_NS = 100_000_000


class SaggingArm:
    """A backend that goes where it is told, less 1 mm."""

    success = False

    def __init__(self) -> None:
        self.targets: list[Target] = []
        self.qpos = np.zeros(9)
        self.qvel = np.zeros(9)
        self.is_broken = False

    def reset(self, task: Task, seed: int) -> ArmState:
        return self._state(np.array([0.5, 0, 0.3]))

    def step(self, target: Target) -> ArmState:
        self.targets.append(target)
        if self.is_broken:
            raise DeviceError("the simulation diverged")
        return self._state(target.position_m - np.array([0, 0, 0.001]))

    def _state(self, position: np.ndarray) -> ArmState:
        return ArmState(0.0, np.zeros(7), np.zeros(7), np.zeros(7), position, DOWN, np.zeros(6), 0.08)


def order(step: int, *, episode_id: str = "e1", z: float = 0.35, is_hold: bool = False) -> Order:
    return Order(episode_id, step, Target(np.array([0.5, 0, z]), DOWN, 0.08), is_hold)


@pytest.fixture
def backend() -> SaggingArm:
    return SaggingArm()


@pytest.fixture
def arm(backend: SaggingArm) -> SimulatedArm:
    arm = SimulatedArm(RobotSettings(), backend)
    arm.reset("e1", "pick_red_block", 0)
    return arm


def test_a_command_for_the_present_step_makes_the_next(arm: SimulatedArm) -> None:
    now = arm.obey(order(0))
    assert now is not None
    assert (now.step, now.stamp_ns) == (1, 2 * PERIOD_NS)
    assert now.arm.tcp_position_m[2] == pytest.approx(0.349)


@pytest.mark.parametrize("late", [order(1), order(5), order(0, episode_id="e0"), order(0, is_hold=True)])
def test_any_other_command_makes_none(arm: SimulatedArm, late: Order) -> None:
    assert arm.obey(late) is None
    assert arm.now is not None
    assert arm.now.step == 0


def test_a_command_that_comes_twice_makes_one_step(arm: SimulatedArm, backend: SaggingArm) -> None:
    arm.obey(order(0))
    assert arm.obey(order(0)) is None
    assert len(backend.targets) == 1


def test_nothing_moves_before_the_first_reset(backend: SaggingArm) -> None:
    arm = SimulatedArm(RobotSettings(), backend)
    assert arm.now is None
    assert arm.obey(order(0, episode_id="")) is None
    assert arm.tick() is None


def test_stamps_go_on_over_a_reset(arm: SimulatedArm) -> None:
    stamps = [arm.reset(f"e{index}", "pick_red_block", 0).stamp_ns for index in range(2, 5)]
    assert stamps == [2 * PERIOD_NS, 3 * PERIOD_NS, 4 * PERIOD_NS]


def test_an_unknown_task_leaves_the_present_episode(arm: SimulatedArm) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'pick_red_block'"):
        arm.reset("e2", "pick_red_blok", 0)
    assert arm.now is not None
    assert arm.now.episode_id == "e1"


@pytest.mark.parametrize("z", [math.nan, math.inf])
def test_a_target_that_is_not_finite_never_reaches_the_arm(arm: SimulatedArm, backend: SaggingArm, z: float) -> None:
    with pytest.raises(ProposalError, match="finite target"):
        arm.obey(order(0, z=z))
    assert not backend.targets


@pytest.mark.parametrize("lockstep", [True, False])
def test_an_arm_that_fails_says_so_at_the_same_step_and_moves_no_more_until_the_next_reset(
    backend: SaggingArm, lockstep: bool
) -> None:
    arm = SimulatedArm(RobotSettings(lockstep=lockstep), backend)
    arm.reset("e1", "pick_red_block", 0)
    backend.is_broken = True
    now = arm.obey(order(0)) or arm.tick()
    assert now is not None
    assert (now.step, now.error) == (0, "the simulation diverged")
    assert arm.obey(order(0)) is None
    assert arm.tick() is now
    assert len(backend.targets) == 1
    backend.is_broken = False
    assert arm.reset("e2", "pick_red_block", 0).error == ""


def clocked(backend: SaggingArm) -> SimulatedArm:
    arm = SimulatedArm(RobotSettings(lockstep=False), backend)
    arm.reset("e1", "pick_red_block", 0)
    return arm


def test_on_a_clock_a_tick_steps_towards_the_last_target(backend: SaggingArm) -> None:
    arm = clocked(backend)
    assert arm.obey(order(0)) is None
    now = arm.tick()
    assert now is not None
    assert now.step == 1
    assert backend.targets[0].position_m[2] == 0.35


def test_on_a_clock_a_late_command_is_dropped(backend: SaggingArm) -> None:
    arm = clocked(backend)
    arm.tick()
    arm.obey(order(0))
    arm.tick()
    assert [target.position_m[2] for target in backend.targets] == [0.3, 0.3]


def test_on_a_clock_silence_keeps_the_target_and_then_holds_where_the_arm_stands(backend: SaggingArm) -> None:
    arm = clocked(backend)
    arm.obey(order(0))
    for _ in range(SILENT_TICKS + 3):
        arm.tick()
    heights = [target.position_m[2] for target in backend.targets]
    assert heights[:SILENT_TICKS] == [0.35] * SILENT_TICKS
    # Held where it stood, 1 mm lower, and no lower with each tick.
    np.testing.assert_allclose(heights[SILENT_TICKS:], [0.349] * 3)


def test_on_a_clock_a_hold_stops_at_once(backend: SaggingArm) -> None:
    arm = clocked(backend)
    arm.obey(order(0))
    arm.tick()
    arm.obey(order(1, is_hold=True))
    arm.tick()
    arm.tick()
    np.testing.assert_allclose([target.position_m[2] for target in backend.targets], [0.35, 0.349, 0.349])
