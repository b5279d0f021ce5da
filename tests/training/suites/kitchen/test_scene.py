"""The kitchen's tasks as environments: repeatable, judged as gymnasium-robotics does, solved by their experts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import mujoco
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from irevla.config.errors import ProposalError, UnknownNameError
from irevla.training.suites.kitchen.fixtures import SPREAD_M
from irevla.training.suites.kitchen.scene import KitchenScene
from irevla.training.suites.kitchen.tasks import KITCHEN
from irevla.training.suites.suite import suite
from irevla.training.suites.task_env import TaskEnv

Make = Callable[[str], TaskEnv]


@pytest.fixture
def make() -> Iterator[Make]:
    made: list[TaskEnv] = []

    def env(name: str) -> TaskEnv:
        made.append(KITCHEN.env(name, 32))
        return made[-1]

    yield env
    for env_ in made:
        env_.close()


def solve(scene: KitchenScene, seed: int, noise: float) -> bool:
    rng = np.random.default_rng(seed)
    scene.reset(rng)
    assert not scene.success
    expert = scene.expert(rng, noise)
    for _ in range(scene.max_steps):
        scene.step(expert.act())
        if scene.success:
            return True
    return False


def play(env: TaskEnv, seed: int) -> list[dict[str, Any]]:
    seen, _ = env.reset(seed=seed)
    expert, observed, over = env.expert(0.15), [seen], False
    while not over:
        seen, reward, terminated, truncated, info = env.step(expert.act())
        observed.append(seen)
        over = terminated or truncated
        assert reward == float(info["success"]) == float(terminated)
    return observed


def test_the_suite_is_found_by_name() -> None:
    assert suite("kitchen") is KITCHEN


def test_gymnasiums_checker_finds_nothing(make: Make) -> None:
    check_env(make("microwave-open-new"), skip_render_check=True)


@pytest.mark.parametrize("name", KITCHEN.tasks)
def test_the_expert_solves_the_task(name: str) -> None:
    scene = KitchenScene(KITCHEN.task(name))
    assert [solve(scene, seed, noise=0.1) for seed in range(3)].count(True) >= 2


def test_the_same_seed_gives_the_same_episode_bit_for_bit_whatever_was_before(make: Make) -> None:
    first, second = make("slide-door-open"), make("slide-door-open")
    play(second, seed=5)
    one, other = play(first, seed=7), play(second, seed=7)
    assert len(one) == len(other) > 5
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a["pictures"], b["pictures"])
        np.testing.assert_array_equal(a["state"], b["state"])


def test_every_episode_starts_elsewhere_within_the_spread() -> None:
    scene, rng = KitchenScene(KITCHEN.task("microwave-open")), np.random.default_rng(0)
    middles = {body: scene.model.body(body).pos.copy() for body in SPREAD_M}
    starts = []
    for _ in range(5):
        scene.reset(rng)
        starts.append(np.concatenate([scene.model.body("microwave").pos, scene.state()[:6]]))
        for body, middle in middles.items():
            assert (np.abs(scene.model.body(body).pos - middle) <= np.array(SPREAD_M[body]) + 1e-9).all()
    moves = np.ptp(starts, axis=0) > 0.0
    assert moves.tolist() == [True, True, False, *[True] * 6]  # the microwave stays on the counter


def test_a_shift_moves_every_start_of_its_piece_of_furniture_alone() -> None:
    known, varied = (KitchenScene(KITCHEN.task(name)) for name in ("microwave-open", "microwave-open-new"))
    for seed in range(3):
        for scene in (known, varied):
            scene.reset(np.random.default_rng(seed))
        for body in SPREAD_M:
            shift = KITCHEN.task("microwave-open-new").variation.shift_m if body == "microwave" else (0, 0, 0)
            moved = varied.model.body(body).pos - known.model.body(body).pos
            np.testing.assert_allclose(moved, shift, atol=1e-12)


@pytest.mark.parametrize(("opening_m", "is_done"), [(0.0, False), (0.069, False), (0.071, True), (0.44, True)])
def test_success_is_within_three_tenths_of_gymnasium_robotics_goal(opening_m: float, is_done: bool) -> None:
    scene = KitchenScene(KITCHEN.task("slide-door-open"))  # whose goal is 0.37 m
    scene.reset(np.random.default_rng(0))
    scene.data.joint("slide_cabinet").qpos[0] = opening_m
    assert scene.success is is_done


def test_tool_and_cameras_are_where_the_step_ended() -> None:
    scene = KitchenScene(KITCHEN.task("knob-on"))
    scene.reset(np.random.default_rng(0))
    scene.step(np.ones(7, dtype=np.float32))
    fresh = mujoco.MjData(scene.model)
    fresh.qpos[:] = scene.data.qpos
    mujoco.mj_forward(scene.model, fresh)
    np.testing.assert_array_equal(scene.data.site_xpos, fresh.site_xpos)
    np.testing.assert_array_equal(scene.data.cam_xpos, fresh.cam_xpos)


def test_pictures_show_an_action_at_once(make: Make) -> None:
    env = make("knob-on")
    before, _ = env.reset(seed=0)
    after = env.step(np.array([0, 0, 1, 0, 0, 0, 1], dtype=np.float32))[0]
    for view in range(2):
        assert not np.array_equal(before["pictures"][view], after["pictures"][view])


def test_a_nan_is_refused_and_the_episode_goes_on(make: Make) -> None:
    env = make("knob-on")
    env.reset(seed=0)
    before = env.scene.state()
    with pytest.raises(ProposalError, match="knob-on"):
        env.step(np.full(7, np.nan, dtype=np.float32))
    np.testing.assert_array_equal(env.scene.state(), before)


def test_an_unknown_fixture_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="slide cabinet"):
        KitchenScene(replace(KITCHEN.task("knob-on"), base="slide cabinett"))
