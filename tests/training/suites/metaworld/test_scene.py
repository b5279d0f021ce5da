"""MetaWorld's tasks as environments: repeatable, judged, solved by their experts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from irevla.config.errors import ProposalError, UnknownNameError
from irevla.training.suites.metaworld.scene import MetaworldScene
from irevla.training.suites.metaworld.tasks import METAWORLD
from irevla.training.suites.task import SuiteTask, Variation
from irevla.training.suites.task_env import TaskEnv

Make = Callable[[str], TaskEnv]
STILL = np.array([0, 0, 0, 0, 0, 0, 1], dtype=np.float32)
SMALL = ("button-press", "drawer-open", "door-open", "window-open", "window-close")


@pytest.fixture
def make() -> Iterator[Make]:
    made: list[TaskEnv] = []

    def env(name: str) -> TaskEnv:
        made.append(METAWORLD.env(name, 32))
        return made[-1]

    yield env
    for env_ in made:
        env_.close()


def play(env: TaskEnv, seed: int, noise: float) -> tuple[list[dict[str, np.ndarray]], bool]:
    seen, _ = env.reset(seed=seed)
    expert, observed, over = env.expert(noise), [seen], False
    while not over:
        seen, reward, terminated, truncated, info = env.step(expert.act())
        observed.append(seen)
        over = terminated or truncated
        assert reward == float(info["success"]) == float(terminated)
    return observed, info["success"]


@pytest.mark.parametrize("name", ["door-open", "button-press-new", "drawer-open-narrow"])
def test_gymnasiums_checker_finds_nothing(make: Make, name: str) -> None:
    check_env(make(name), skip_render_check=True)


@pytest.mark.parametrize("name", [*SMALL, *METAWORLD.names("rl")])
def test_the_expert_solves_the_task(make: Make, name: str) -> None:
    env = make(name)
    assert [play(env, seed, noise=0.15)[1] for seed in range(3)].count(True) >= 2


def test_the_same_seed_gives_the_same_episode_bit_for_bit_whatever_was_before(make: Make) -> None:
    first, second = make("drawer-open"), make("drawer-open")
    play(second, seed=5, noise=0.3)
    one, other = play(first, seed=7, noise=0.15)[0], play(second, seed=7, noise=0.15)[0]
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a["pictures"], b["pictures"])
        np.testing.assert_array_equal(a["state"], b["state"])


def test_another_seed_puts_the_object_elsewhere(make: Make) -> None:
    env = make("drawer-open")
    places = []
    for seed in range(4):
        env.reset(seed=seed)
        places.append(env.scene.model.body("drawer").pos[0])
    assert len(set(places)) == 4


def test_a_shift_moves_every_start(make: Make) -> None:
    known, new = make("drawer-open"), make("drawer-open-new")
    for seed in range(4):
        known.reset(seed=seed), new.reset(seed=seed)
        moved = new.scene.model.body("drawer").pos - known.scene.model.body("drawer").pos
        np.testing.assert_allclose(moved, METAWORLD.task("drawer-open-new").variation.shift_m)


def test_a_lane_that_is_over_sleeps(make: Make) -> None:
    env = make("button-press")
    play(env, seed=0, noise=0.0)
    before = env.scene.data.time
    seen, reward, terminated, truncated, info = env.step(STILL)
    assert (reward, terminated, truncated, info["success"]) == (0.0, True, False, True)
    assert env.scene.data.time == before
    assert seen is env.step(STILL)[0]


def test_an_episode_without_success_is_truncated(make: Make) -> None:
    env = make("window-open")
    env.reset(seed=0)
    ends = [env.step(STILL)[2:4] for _ in range(env.scene.max_steps)]
    assert ends[-1] == (False, True)
    assert set(ends[:-1]) == {(False, False)}


def test_a_nan_is_no_action(make: Make) -> None:
    env = make("door-open")
    env.reset(seed=0)
    with pytest.raises(ProposalError, match="door-open: expected 7 finite numbers"):
        env.step(np.full(7, np.nan, dtype=np.float32))


def test_plus_one_opens_the_gripper_and_minus_one_closes_it(make: Make) -> None:
    env = make("drawer-open")
    width = {}
    for sign in (1.0, -1.0):
        env.reset(seed=0)
        for _ in range(10):
            seen, *_ = env.step(STILL * sign)
        width[sign] = seen["state"][6]
    assert width[1.0] > width[-1.0] + 0.02


def test_rotation_changes_nothing(make: Make) -> None:
    env = make("door-open")
    states = []
    for turn in (0.0, 1.0):
        env.reset(seed=1)
        states.append(env.step(np.array([0.5, 0, 0, turn, turn, turn, 1], dtype=np.float32))[0]["state"])
    np.testing.assert_array_equal(*states)


def test_an_unknown_environment_or_material_is_named() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'drawer-open'"):
        MetaworldScene(SuiteTask("x", "rl", "drawer-opn", "open"))
    with pytest.raises(UnknownNameError, match="did you mean 'drawer_beige'"):
        red = Variation(colors={"drawer_beig": (1.0, 0.0, 0.0, 1.0)})
        MetaworldScene(SuiteTask("x", "rl", "drawer-open", "open", red))
