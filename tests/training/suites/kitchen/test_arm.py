"""The kitchen's arm: goes where an action says, and never past a joint's limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irevla.training.suites.kitchen.arm import ROTATION_RAD, TRANSLATION_M
from irevla.training.suites.kitchen.model import ARM_JOINTS
from irevla.training.suites.kitchen.scene import KitchenScene
from irevla.training.suites.kitchen.tasks import KITCHEN

SLACK_RAD = 0.1  # MuJoCo's stops give way when they are hit


@pytest.fixture(scope="module")
def scene() -> KitchenScene:
    return KitchenScene(KITCHEN.task("slide-door-open"))


@pytest.fixture(autouse=True)
def start(scene: KitchenScene) -> None:
    scene.reset(np.random.default_rng(3))


@pytest.mark.parametrize("axis", range(3))
@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_half_an_action_moves_the_tool_two_centimetres_along_the_base(
    scene: KitchenScene, axis: int, sign: float
) -> None:
    before = scene.state()
    action = np.zeros(7, dtype=np.float32)
    action[axis] = 0.5 * sign
    scene.step(action)
    wanted = np.zeros(3)
    wanted[axis] = 0.02 * sign
    np.testing.assert_allclose(scene.state()[:3] - before[:3], wanted, atol=0.003)


@pytest.mark.parametrize("axis", range(3))
def test_half_an_action_turns_the_tool_about_the_base(scene: KitchenScene, axis: int) -> None:
    before, place = scene.arm.tool, scene.state()[:3]
    action = np.zeros(7, dtype=np.float32)
    action[3 + axis] = 0.5
    scene.step(action)
    wanted = np.zeros(3)
    wanted[axis] = 0.5 * ROTATION_RAD
    _, turned = before.to(scene.arm.tool)
    np.testing.assert_allclose(turned, scene.arm.base.turn(wanted), atol=0.015)
    np.testing.assert_allclose(scene.state()[:3], place, atol=0.005)


def test_the_motion_towards_a_goal_undoes_what_an_action_does(scene: KitchenScene) -> None:
    base, action = scene.arm.base, np.array([0.5, -0.2, 0.1, 0.3, 0.0, -0.4])
    goal = scene.arm.tool.moved(base.turn(action[:3] * TRANSLATION_M), base.turn(action[3:] * ROTATION_RAD))
    np.testing.assert_allclose(scene.arm.motion_towards(goal), action, atol=1e-6)


def test_a_negative_gripper_closes_and_none_opens(scene: KitchenScene) -> None:
    assert scene.state()[6] == pytest.approx(0.08)
    for _ in range(3):
        scene.step(np.array([0, 0, 0, 0, 0, 0, -0.1], dtype=np.float32))
    assert scene.state()[6] == pytest.approx(0.0, abs=0.003)
    for _ in range(3):
        scene.step(np.zeros(7, dtype=np.float32))
    assert scene.state()[6] == pytest.approx(0.08, abs=0.003)


def test_the_state_holds_the_tool_in_the_bases_frame(scene: KitchenScene) -> None:
    # The base stands at 1.8 m and is turned by 90 degrees: its x is the kitchen's y, its y the kitchen's -x.
    x, y, z = scene.arm.tool.position
    np.testing.assert_allclose(scene.state()[:3], [y, -x, z - 1.8], atol=2e-3)
    # Level fingers are a quarter turn away from pointing down.
    assert np.linalg.norm(scene.state()[3:6]) == pytest.approx(np.pi / 2, abs=0.2)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_no_action_drives_a_joint_past_its_limits(scene: KitchenScene, seed: int, is_constant: bool) -> None:
    rng = np.random.default_rng(seed)
    scene.reset(rng)
    low, high = np.array([scene.model.joint(name).range for name in ARM_JOINTS]).T
    action = np.sign(rng.uniform(-1.0, 1.0, 7)).astype(np.float32)
    for _ in range(25):
        scene.step(action if is_constant else rng.uniform(-1.0, 1.0, 7).astype(np.float32))
        assert (scene.data.ctrl[:7] >= low).all() and (scene.data.ctrl[:7] <= high).all()
        assert (scene.data.qpos[:7] >= low - SLACK_RAD).all() and (scene.data.qpos[:7] <= high + SLACK_RAD).all()
        assert np.isfinite(scene.state()).all()
