"""A real arm's step counter over a fake driver: homing, holding, ageing, and limits whatever is ordered."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irevla.config.errors import ConfigError, DeviceError, ProposalError, UnknownNameError, WrongStateError
from irevla.config.limits import LimitsSettings
from irevla.config.robot import RobotSettings
from irevla_nodes.arbiter.envelope import Envelope
from irevla_nodes.arbiter.target import Target
from irevla_nodes.robot.drivers.driver import Measurement
from irevla_nodes.robot.hardware_arm import HardwareArm
from irevla_nodes.robot.order import Order
from irevla_nodes.robot.simulated_arm import SILENT_TICKS
from irevla_nodes.robot.snapshot import Snapshot
from irevla_nodes.sim.arm_state import ArmState

DOWN = np.array([1.0, 0, 0, 0])
ROBOT = RobotSettings(backend="serl", lockstep=False)
LIMITS = LimitsSettings()
TICKS = 5  # set points a policy step
TASK = "pick_red_block"


class FakeDriver:
    """An arm that stands at its last set point, unless it is blocked; the test moves the clock."""

    reflex_hint = "press the button"

    def __init__(self, position: tuple[float, float, float] = (0.5, 0.1, 0.1)) -> None:
        self.position, self.quaternion = np.array(position), DOWN
        self.now_s = 100.0
        self.age_s = 0.01
        self.error = ""
        self.is_blocked = False
        self.sent: list[Target] = []
        self.told: list[str] = []

    def read(self) -> Measurement:
        if self.error:
            raise DeviceError(self.error)
        arm = ArmState(0.0, np.zeros(7), np.zeros(7), np.zeros(7), self.position, self.quaternion, np.zeros(6), 0.04)
        return Measurement(arm, self.age_s)

    def move_to(self, target: Target) -> None:
        self.sent.append(target)
        if not self.is_blocked:
            self.position, self.quaternion = target.position_m, target.quaternion_xyzw

    def grip(self, *, is_open: bool) -> None:
        self.told.append("open" if is_open else "close")

    def recover(self) -> None:
        self.told.append("recover")

    def close(self) -> None:
        self.told.append("closed")


class Bench:
    """An arm, its driver and the clock of both."""

    def __init__(self, driver: FakeDriver, limits: LimitsSettings = LIMITS) -> None:
        self.driver = driver
        self.arm = HardwareArm(ROBOT, limits, driver, lambda: driver.now_s, lambda: round(driver.now_s * 1e9))
        self.arm.hear_arbiter("")

    def tick(self, count: int = 1, *, is_heard: bool = True) -> list[Snapshot]:
        shown = []
        for _ in range(count):
            self.driver.now_s += self.arm.tick_s
            if is_heard:
                self.arm.hear_arbiter("")
            now = self.arm.tick()
            shown += [now] if now is not None else []
        return shown

    def home(self, episode_id: str = "e1") -> list[Snapshot]:
        self.arm.reset(episode_id, TASK, 0)
        shown: list[Snapshot] = []
        for _ in range(2000):
            shown += self.tick()
            if not self.arm.is_homing:
                return shown
        raise AssertionError("never arrived")

    @property
    def now(self) -> Snapshot:
        assert self.arm.now is not None
        return self.arm.now

    def order(self, position: tuple[float, float, float], width_m: float = 0.08, **changes: object) -> Order:
        target = Target(np.array(position), DOWN, width_m)
        fields = {"episode_id": self.now.episode_id, "step": self.now.step, "target": target, "is_hold": False}
        return Order(**{**fields, **changes})  # type: ignore[arg-type]


@pytest.fixture
def bench() -> Bench:
    return Bench(FakeDriver())


def test_before_the_first_reset_the_state_is_shown_and_nothing_is_sent(bench: Bench) -> None:
    shown = bench.tick(3 * TICKS)
    assert {(now.episode_id, now.step) for now in shown} == {("", 0)}
    assert 3 <= len(shown) <= 4
    bench.arm.obey(Order("", 0, Target(np.array([0.5, 0, 0.2]), DOWN, 0.08), False))
    bench.tick(TICKS)
    assert not bench.driver.sent


def test_a_reset_recovers_opens_lifts_and_goes_home_slowly(bench: Bench) -> None:
    shown = bench.home()
    assert (bench.now.episode_id, bench.now.step, bench.arm.homing_failure) == ("e1", 0, "")
    assert {now.episode_id for now in shown[:-1]} == {""}
    assert bench.driver.told == ["recover", "open"]
    path = np.array([target.position_m for target in bench.driver.sent])
    np.testing.assert_allclose(path[-1], ROBOT.hardware.home_position_m, atol=1e-6)
    speeds = np.linalg.norm(np.diff(path, axis=0), axis=1) / bench.arm.tick_s
    assert speeds.max() <= ROBOT.hardware.homing_speed_m_s + 1e-6
    sideways = path[np.abs(path[:, 1] - 0.1) > 1e-6]
    assert sideways[:, 2].min() > 0.24, "it went sideways before it was up"


def test_the_tool_waits_until_the_gripper_is_open(bench: Bench) -> None:
    bench.arm.reset("e1", TASK, 0)
    bench.tick(round(ROBOT.hardware.gripper_rest_s / bench.arm.tick_s) - 2)
    assert {tuple(target.position_m) for target in bench.driver.sent} == {(0.5, 0.1, 0.1)}


@pytest.mark.parametrize("episode_id", ["e1", "another"])
def test_a_hold_stops_the_way_home_at_once(bench: Bench, episode_id: str) -> None:
    bench.arm.reset("e1", TASK, 0)
    bench.tick(80)
    assert bench.arm.is_homing
    where = bench.driver.position.copy()
    bench.arm.obey(bench.order((0, 0, 0), episode_id=episode_id, is_hold=True))
    assert not bench.arm.is_homing
    assert bench.arm.homing_failure == "arbiter/command said hold"
    bench.tick(100)
    np.testing.assert_array_equal(bench.driver.position, where)
    assert bench.now.episode_id == ""


def test_the_arbiters_status_stops_the_way_home_too_and_its_silence(bench: Bench) -> None:
    bench.arm.reset("e1", TASK, 0)
    bench.tick(80)
    bench.arm.hear_arbiter("a node is silent")
    assert bench.arm.homing_failure == "the arbiter holds the arm: a node is silent"
    with pytest.raises(WrongStateError, match="call arbiter/resume first"):
        bench.arm.reset("e1", TASK, 0)
    bench.arm.hear_arbiter("")
    bench.arm.reset("e1", TASK, 0)
    bench.tick(130, is_heard=False)
    assert "nobody could hold the arm" in bench.arm.homing_failure
    with pytest.raises(WrongStateError, match="is the arbiter running"):
        bench.arm.reset("e1", TASK, 0)


def test_a_blocked_arm_gives_up_and_says_where_it_stands(bench: Bench) -> None:
    bench.driver.is_blocked = True
    bench.home()
    assert "m and 0.00 rad from home after 15 s; is something in its way" in bench.arm.homing_failure
    assert "press the button" in bench.arm.homing_failure
    assert bench.now.episode_id == ""
    furthest = max(math.dist(target.position_m, (0.5, 0.1, 0.1)) for target in bench.driver.sent)
    assert furthest <= LIMITS.step_m + 1e-6
    assert tuple(bench.driver.sent[-1].position_m) == (0.5, 0.1, 0.1)


def test_an_arm_far_outside_the_limits_is_a_persons_matter() -> None:
    bench = Bench(FakeDriver((0.2, 0.6, 0.3)))
    bench.home()
    assert "outside the workspace" in bench.arm.homing_failure
    assert {tuple(target.position_m) for target in bench.driver.sent} == {(0.2, 0.6, 0.3)}


def test_a_reset_that_cannot_be_is_refused(bench: Bench) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'pick_red_block'"):
        bench.arm.reset("e1", "pick_red_blok", 0)
    bench.arm.reset("e1", TASK, 0)
    with pytest.raises(WrongStateError, match="on its way home already"):
        bench.arm.reset("e2", TASK, 0)
    bench.driver.age_s = 1.0
    other = Bench(bench.driver)
    with pytest.raises(DeviceError, match=r"1\.00 s old"):
        other.arm.reset("e1", TASK, 0)


def test_a_home_outside_the_limits_is_a_config_error() -> None:
    with pytest.raises(ConfigError, match="home at"):
        Bench(FakeDriver(), LimitsSettings(workspace_max_m=(0.75, 0.35, 0.2)))


def test_a_target_is_reached_in_one_policy_step_of_equal_parts(bench: Bench) -> None:
    bench.home()
    start = bench.driver.position.copy()
    bench.arm.obey(bench.order((0.45, 0.05, 0.25)))
    sent = len(bench.driver.sent)
    (now,) = bench.tick(TICKS)
    parts = np.array([target.position_m for target in bench.driver.sent[sent:]])
    np.testing.assert_allclose(parts[:, 1] - start[1], np.arange(1, 6) * (0.05 - start[1]) / 5, atol=1e-9)
    assert (now.step, now.arm.tcp_position_m[1]) == (1, pytest.approx(0.04))
    assert now.stamp_ns == round((bench.driver.now_s - 0.01) * 1e9)


@pytest.mark.parametrize("changes", [{"step": 1}, {"step": 7}, {"episode_id": "e0"}])
def test_late_and_foreign_commands_are_dropped(bench: Bench, changes: dict[str, object]) -> None:
    bench.home()
    bench.arm.obey(bench.order((0.45, 0.05, 0.25), **changes))
    bench.tick(3 * TICKS)
    assert bench.driver.position[1] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(("position", "words"), [((math.nan, 0, 0.2), "finite"), ((0.9, 0, 0.2), "outside the limits")])
def test_a_target_that_is_none_or_outside_the_limits_never_reaches_the_arm(
    bench: Bench, position: tuple[float, float, float], words: str
) -> None:
    bench.home()
    with pytest.raises(ProposalError, match=words):
        bench.arm.obey(bench.order(position))
    bench.tick(2 * TICKS)
    assert bench.driver.position[0] == pytest.approx(0.45)


def test_silence_holds_where_the_arm_stands(bench: Bench) -> None:
    bench.home()
    bench.arm.obey(bench.order((0.45, 0.04, 0.25)))
    bench.tick(2 * TICKS)
    bench.driver.is_blocked, bench.driver.position = True, bench.driver.position - np.array([0, 0, 0.004])  # it sags
    bench.tick(SILENT_TICKS * TICKS)
    assert bench.driver.sent[-1].position_m[2] == pytest.approx(0.246)
    bench.driver.position = bench.driver.position - np.array([0, 0, 0.004])
    bench.tick(5 * TICKS)
    assert bench.driver.sent[-1].position_m[2] == pytest.approx(0.246), "it chased its own sagging pose"


def test_a_hold_in_mid_motion_stops_at_once(bench: Bench) -> None:
    bench.home()
    bench.arm.obey(bench.order((0.45, 0.05, 0.25)))
    bench.tick(2)
    where = bench.driver.position.copy()
    bench.arm.obey(bench.order((0, 0, 0), is_hold=True, step=99))
    np.testing.assert_array_equal(bench.driver.sent[-1].position_m, where)
    bench.tick(3 * TICKS)
    np.testing.assert_array_equal(bench.driver.position, where)


def test_an_old_measurement_is_an_error_at_the_same_step_and_nothing_is_sent(bench: Bench) -> None:
    bench.home()
    bench.tick(2 * TICKS)
    step, sent = bench.now.step, len(bench.driver.sent)
    bench.driver.age_s = 0.31
    first = bench.tick()
    assert len(first) == 1, "an error waits for no policy step"
    assert "0.31 s old, at most 0.3 s" in first[0].error
    bench.tick(2 * TICKS)
    bench.arm.obey(bench.order((0.45, 0.05, 0.25)))
    bench.tick(TICKS)
    assert bench.now.step == step
    assert len(bench.driver.sent) == sent
    assert bench.arm.trouble == bench.now.error


def test_after_an_error_the_arm_holds_where_it_stands_then(bench: Bench) -> None:
    bench.home()
    bench.arm.obey(bench.order((0.45, 0.05, 0.25)))
    bench.tick(2)
    bench.driver.error = "the cable is out"
    bench.tick(2 * TICKS)
    bench.driver.error, bench.driver.position = "", np.array([0.5, 0.0, 0.3])  # somebody moved it
    (now,) = bench.tick()
    assert (now.error, now.episode_id) == ("", "e1")
    assert tuple(bench.driver.sent[-1].position_m) == (0.5, 0.0, 0.3)
    bench.tick(3 * TICKS)
    assert tuple(bench.driver.position) == (0.5, 0.0, 0.3)


def test_an_error_on_the_way_home_ends_it(bench: Bench) -> None:
    bench.arm.reset("e1", TASK, 0)
    bench.tick(80)
    bench.driver.error = "the cable is out"
    bench.tick()
    assert (bench.arm.is_homing, bench.arm.homing_failure) == (False, "the cable is out")


def test_an_arm_that_is_pushed_off_its_leash_is_let_go(bench: Bench) -> None:
    bench.home()
    bench.driver.is_blocked, bench.driver.position = True, np.array([0.45, 0.2, 0.25])
    bench.tick()
    assert tuple(bench.driver.sent[-1].position_m) == (0.45, 0.2, 0.25)


def test_the_gripper_is_told_once_and_not_in_mid_motion(bench: Bench) -> None:
    bench.home()
    bench.driver.told.clear()
    for width_m in (0.08, 0.0, 0.08, 0.0, 0.04, 0.0):
        bench.arm.obey(bench.order((0.45, 0.0, 0.25), width_m))
        bench.tick(TICKS)
    assert bench.driver.told == ["close"]
    bench.arm.obey(bench.order((0.45, 0.0, 0.25), 0.08))
    bench.tick(10 * TICKS)
    assert bench.driver.told == ["close", "open"]


def test_closing_holds_where_the_arm_stands(bench: Bench) -> None:
    bench.home()
    bench.driver.is_blocked, bench.driver.position = True, bench.driver.position + np.array([0, 0.01, 0])
    bench.arm.close()
    np.testing.assert_array_equal(bench.driver.sent[-1].position_m, bench.driver.position)
    assert bench.driver.told[-1] == "closed"


ACTIONS = st.lists(st.floats(-1.0, 1.0, width=32), min_size=7, max_size=7)
MOMENTS = st.lists(
    st.tuples(ACTIONS, st.sampled_from(["move", "move", "move", "hold", "push", "deaf", "wait"])), max_size=25
)


@given(moments=MOMENTS, start=st.tuples(st.floats(0.25, 0.75), st.floats(-0.35, 0.35), st.floats(0.01, 0.55)))
@settings(max_examples=60, deadline=None)
def test_whatever_is_ordered_every_set_point_stays_inside_and_near(
    moments: list[tuple[list[float], str]], start: tuple[float, float, float]
) -> None:
    bench = Bench(FakeDriver(start))
    bench.home()
    envelope, previous = Envelope(LIMITS, ROBOT), None
    slack = LimitsSettings(**{**LIMITS.model_dump(), "cone_rad": LIMITS.cone_rad + 0.01})
    for action, what in moments:
        bench.driver.error = "deaf" if what == "deaf" else ""
        if what == "push":
            bench.driver.position = np.clip(bench.driver.position + 0.05 * np.array(action[:3]), *_box())
        elif what == "hold":
            bench.arm.obey(bench.order((0, 0, 0), is_hold=True))
            previous = None
        elif what == "move":
            where = bench.driver
            command = envelope.command(action, where.position, where.quaternion, previous)
            bench.arm.obey(bench.order((0, 0, 0), target=command.target))
            previous = command.target
        sent = len(bench.driver.sent)
        was = bench.driver.position.copy()
        bench.tick(TICKS)
        for target in bench.driver.sent[sent:]:
            assert Envelope(slack, ROBOT).allows(Target(target.position_m, target.quaternion_xyzw, 0.0))
            step_m = math.dist(target.position_m, was)
            assert step_m <= 1.5 * LIMITS.step_m + 1e-6
            was = target.position_m


def _box() -> tuple[np.ndarray, np.ndarray]:
    return np.array(LIMITS.workspace_min_m), np.array(LIMITS.workspace_max_m)
