"""The envelope: hand-computed steps, and no input whatsoever that leads to a target outside the limits."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from irevla.config.errors import DeviceError, ProposalError
from irevla.config.limits import LimitsSettings
from irevla.config.robot import RobotSettings
from irevla_nodes.arbiter import envelope as limits_of
from irevla_nodes.arbiter import quaternion as quaternions
from irevla_nodes.arbiter.envelope import Command, Envelope
from irevla_nodes.arbiter.target import Target

LIMITS, ROBOT = LimitsSettings(), RobotSettings()
ENVELOPE = Envelope(LIMITS, ROBOT)
HERE = np.array([0.5, 0.0, 0.3])
DOWN = np.array([1.0, 0.0, 0.0, 0.0])

anything = st.floats(allow_nan=True, allow_infinity=True, width=64)
wishes = st.lists(st.floats(-1e300, 1e300) | st.floats(-1.5, 1.5), min_size=7, max_size=7)
places = st.tuples(st.floats(0.2, 0.8), st.floats(-0.4, 0.4), st.floats(-0.05, 0.6)).map(np.array)
turns = st.tuples(*[st.floats(-math.pi, math.pi)] * 3)
poses = turns.map(lambda v: quaternions.multiply(quaternions.from_rotation_vector(v), quaternions.DOWN))
near_down = st.tuples(*[st.floats(-0.7, 0.7)] * 3).map(
    lambda v: quaternions.multiply(quaternions.from_rotation_vector(v), quaternions.DOWN)
)
targets = st.none() | st.builds(
    lambda p, q, w: Target(p, np.array(q), w), places, poses | near_down, st.sampled_from([0.0, 0.08])
)


def start() -> Target:
    return Target(HERE, DOWN, 0.08)


def act(*values: float, previous: Target | None = None) -> Command:
    return ENVELOPE.command(np.array(values), HERE, DOWN, previous)


def test_an_action_of_one_moves_by_the_scale() -> None:
    command = act(1.0, -0.5, 0.25, 0, 0, 0, 1)
    np.testing.assert_allclose(command.target.position_m, [0.54, -0.02, 0.31])
    np.testing.assert_allclose(command.action, [1.0, -0.5, 0.25, 0, 0, 0, 1], atol=1e-6)
    assert command.limited == 0
    assert command.target.gripper_width_m == 0.08


def test_a_rotation_turns_the_tool_about_the_base_axis() -> None:
    command = act(0, 0, 0, 0, 0, 0.5, 1)  # 0.1 rad about base z: half angle 0.05
    # Rz(0.1) * (1, 0, 0, 0) = (cos 0.05, sin 0.05, 0, 0)
    np.testing.assert_allclose(command.target.quaternion_xyzw, [math.cos(0.05), math.sin(0.05), 0, 0], atol=1e-12)
    np.testing.assert_allclose(command.action[3:6], [0, 0, 0.5], atol=1e-6)


def test_the_step_starts_from_the_previous_target_not_from_the_sagging_arm() -> None:
    command = ENVELOPE.command([0, 0, 0.5, 0, 0, 0, 1], HERE - [0, 0, 0.01], DOWN, start())
    np.testing.assert_allclose(command.target.position_m, [0.5, 0.0, 0.32])
    np.testing.assert_allclose(command.action[:3], [0, 0, 0.5], atol=1e-6)


def test_the_workspace_box_stops_a_step_at_its_wall_and_lets_it_slide_along() -> None:
    wall = np.array([0.74, 0.0, 0.3])
    command = ENVELOPE.command([1, 0.5, 0, 0, 0, 0, 1], wall, DOWN, None)
    np.testing.assert_allclose(command.target.position_m, [0.75, 0.02, 0.3])
    np.testing.assert_allclose(command.action[:2], [0.25, 0.5], atol=1e-6)
    assert command.limited == limits_of.WORKSPACE


def test_the_leash_keeps_the_target_near_the_arm() -> None:
    command = ENVELOPE.command([1, 0, 0, 0, 0, 0, 1], HERE - [0.04, 0, 0], DOWN, start())  # wish is 0.08 m away
    np.testing.assert_allclose(command.target.position_m, [0.52, 0, 0.3], atol=1e-6)
    np.testing.assert_allclose(command.action[0], 0.5, atol=1e-4)
    assert command.limited == limits_of.STEP


def test_the_speed_limit_shortens_a_step() -> None:
    slow = Envelope(LimitsSettings(speed_m_s=0.2), ROBOT)  # 0.02 m in a step of 0.1 s
    command = slow.command([1, 0, 0, 0, 0, 0, 1], HERE, DOWN, None)
    np.testing.assert_allclose(command.target.position_m, [0.52, 0, 0.3], atol=1e-6)
    assert command.limited == limits_of.SPEED


def test_the_cone_stops_a_tilt() -> None:
    previous = None
    tilted = DOWN
    for _ in range(10):  # 0.2 rad each about base x; the cone is 0.6 rad
        command = ENVELOPE.command([0, 0, 0, 1, 0, 0, 1], HERE, tilted, previous)
        previous, tilted = command.target, command.target.quaternion_xyzw
    tilt, yaw = quaternions.tilt_and_yaw_rad(tuple(map(float, tilted)))  # type: ignore[arg-type]
    assert tilt == pytest.approx(0.6, abs=1e-6)
    assert yaw == pytest.approx(0.0, abs=1e-6)
    assert command.limited == limits_of.ORIENTATION
    np.testing.assert_allclose(command.action[3:6], 0, atol=1e-6)


def test_the_gripper_has_hysteresis() -> None:
    closed, opened = Target(HERE, DOWN, 0.0), start()
    assert act(0, 0, 0, 0, 0, 0, 0.05, previous=closed).target.gripper_width_m == 0.0
    assert act(0, 0, 0, 0, 0, 0, 0.05, previous=opened).target.gripper_width_m == 0.08
    assert act(0, 0, 0, 0, 0, 0, 0.2, previous=closed).target.gripper_width_m == 0.08
    assert act(0, 0, 0, 0, 0, 0, -0.2, previous=opened).target.gripper_width_m == 0.0


def test_a_huge_action_is_cut_to_its_range_and_marked() -> None:
    command = act(1e200, 0, 0, 0, 0, 0, -1e9)
    np.testing.assert_allclose(command.target.position_m, [0.54, 0, 0.3])
    assert command.limited == limits_of.RANGE


@pytest.mark.parametrize("bad", [[], [0.0] * 6, [0.0] * 8, [[0.0] * 7], 0.0, ["a"] * 7, None, [[1], [2, 3]]])
def test_a_wrong_shape_is_refused_with_words(bad: object) -> None:
    with pytest.raises(ProposalError, match=r"expected 7 (finite )?numbers"):
        ENVELOPE.command(bad, HERE, DOWN, None)  # type: ignore[arg-type]


@pytest.mark.parametrize("index", range(7))
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_not_finite_is_refused(index: int, bad: float) -> None:
    action = np.zeros(7)
    action[index] = bad
    with pytest.raises(ProposalError, match="finite"):
        ENVELOPE.command(action, HERE, DOWN, start())


@pytest.mark.parametrize(
    "pose", [([0.5, 0, math.nan], DOWN), (HERE, [0, 0, 0, 0]), (HERE, [1, 0, 0]), (HERE, DOWN * 2)]
)
def test_a_pose_that_is_none_is_a_device_error(pose: tuple[object, object]) -> None:
    with pytest.raises(DeviceError, match="pose is none"):
        ENVELOPE.command(np.zeros(7), *pose, None)  # type: ignore[arg-type]


def test_an_arm_far_outside_the_workspace_is_not_moved() -> None:
    with pytest.raises(DeviceError, match=r"0\.250 m outside the workspace"):
        ENVELOPE.command(np.zeros(7), [1.0, 0, 0.3], DOWN, None)


def assert_inside(command: Command, place: np.ndarray, pose: tuple[float, ...], previous: Target | None) -> None:
    target = command.target
    assert ENVELOPE.allows(target)
    assert np.isfinite(target.position_m).all()
    assert (target.position_m >= np.array(LIMITS.workspace_min_m) - 1e-6).all()
    assert (target.position_m <= np.array(LIMITS.workspace_max_m) + 1e-6).all()
    assert np.linalg.norm(target.position_m - place) <= LIMITS.step_m + 1e-6
    orientation = tuple(target.quaternion_xyzw)
    assert abs(np.linalg.norm(orientation) - 1) < 1e-9
    # Tilt by the rotation matrix, not by the code under test: the z component of the tool's axis is 1 - 2(x² + y²).
    cosine = 1 - 2 * (orientation[0] ** 2 + orientation[1] ** 2)
    assert math.acos(max(-1.0, min(1.0, -cosine))) <= LIMITS.cone_rad + 1e-6
    turn = 2 * math.acos(min(1.0, abs(float(np.dot(orientation, pose)))))
    assert turn <= LIMITS.step_rad + 1e-6
    if previous is None or np.linalg.norm(previous.position_m - place) <= LIMITS.step_m:
        before = place if previous is None else previous.position_m
        before = np.clip(before, LIMITS.workspace_min_m, LIMITS.workspace_max_m)
        assert np.linalg.norm(target.position_m - before) <= LIMITS.speed_m_s / ROBOT.policy_hz + 1e-6
    assert command.action.dtype == np.float32
    assert command.action.shape == (7,)
    assert (np.abs(command.action) <= 1).all()


@given(wishes, places, near_down | poses, targets)
def test_every_command_is_inside_every_limit(
    wish: list[float], place: np.ndarray, pose: tuple[float, ...], previous: Target | None
) -> None:
    try:
        command = ENVELOPE.command(wish, place, np.array(pose), previous)
    except DeviceError:
        return  # the arm itself stands too far outside: the caller holds
    assert_inside(command, place, pose, previous)


@given(wishes, places, near_down, targets)
def test_the_executed_action_leads_to_the_same_target_untouched(
    wish: list[float], place: np.ndarray, pose: tuple[float, ...], previous: Target | None
) -> None:
    try:
        once = ENVELOPE.command(wish, place, np.array(pose), previous)
    except DeviceError:
        return
    again = ENVELOPE.command(once.action, place, np.array(pose), previous)
    np.testing.assert_allclose(again.target.position_m, once.target.position_m, atol=1e-6)
    turned = quaternions.angle_between_rad(tuple(once.target.quaternion_xyzw), tuple(again.target.quaternion_xyzw))
    assert turned < 1e-5
    assert again.target.gripper_width_m == once.target.gripper_width_m
    assert not again.limited & limits_of.RANGE


@given(
    st.lists(anything, max_size=9),
    st.lists(anything, min_size=3, max_size=3),
    st.lists(anything, min_size=4, max_size=4),
)
def test_garbage_gives_a_command_inside_the_limits_or_a_typed_error(
    wish: list[float], place: list[float], pose: list[float]
) -> None:
    try:
        command = ENVELOPE.command(wish, place, pose, None)
    except (ProposalError, DeviceError):
        return
    assert ENVELOPE.allows(command.target)


@given(st.lists(wishes, min_size=1, max_size=40))
def test_a_long_row_of_steps_never_leaves_the_box_when_the_arm_follows(row: list[list[float]]) -> None:
    place, pose, previous = HERE, DOWN, None
    for wish in row:
        command = ENVELOPE.command(wish, place, pose, previous)
        assert_inside(command, place, tuple(pose), previous)
        previous, place, pose = command.target, command.target.position_m, command.target.quaternion_xyzw
