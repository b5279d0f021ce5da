"""The Gymnasium environment: contract, reward, limits."""

from __future__ import annotations

from collections.abc import Iterator

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from irevla.config.errors import ProposalError, UnknownNameError
from irevla.config.settings import Settings, load_settings
from irevla.config.tasks import task
from irevla_nodes.sim.env import PandaEnv
from irevla_nodes.sim.expert import Expert


@pytest.fixture
def env(settings: Settings) -> Iterator[PandaEnv]:
    env = PandaEnv("pick_red_block", settings)
    yield env
    env.close()


@pytest.mark.parametrize("images", [True, False])
def test_passes_gymnasiums_checker(settings: Settings, images: bool) -> None:
    env = PandaEnv("press_button", settings, images)
    check_env(env, skip_render_check=True)  # the render check needs a registered spec
    env.close()


def test_observation_has_both_pictures_and_the_state(env: PandaEnv) -> None:
    observation, info = env.reset(seed=0)
    assert {name: value.shape for name, value in observation.items()} == {
        "front": (96, 96, 3),
        "wrist": (96, 96, 3),
        "state": (7,),
    }
    assert observation["state"][:3] == pytest.approx(env.arm.tcp_position_m, abs=1e-6)
    assert info["is_success"] is False


def test_expert_ends_an_episode_with_reward_one(env: PandaEnv) -> None:
    env.reset(seed=0)
    expert = Expert(task("pick_red_block"), 0, 0.1)
    rewards = []
    while True:
        _, reward, terminated, truncated, info = env.step(expert.act(env.arm, env.qpos))
        rewards.append(reward)
        if terminated or truncated:
            break
    assert terminated
    assert not truncated
    assert info["is_success"]
    assert rewards == [0.0] * (len(rewards) - 1) + [1.0]


def test_idle_episode_is_truncated_at_the_step_limit() -> None:
    env = PandaEnv("pick_red_block", load_settings(overrides=["session.max_steps=3"]), images=False)
    env.reset(seed=0)
    ends = [env.step(np.zeros(7, np.float32))[2:4] for _ in range(3)]
    assert ends == [(False, False), (False, False), (False, True)]


def test_actions_pass_the_arbiters_limits(settings: Settings) -> None:
    env = PandaEnv("pick_red_block", settings, images=False)
    env.reset(seed=0)
    limited = 0
    for _ in range(25):
        _, _, _, _, info = env.step(np.array([1, 0, 1, 0, 0, 0, 1], np.float32))
        limited |= info["limited"]
        assert np.abs(info["action"]).max() <= 1.0
    low, high = np.array(settings.limits.workspace_min_m), np.array(settings.limits.workspace_max_m)
    assert limited
    assert (env.arm.tcp_position_m > low - 0.01).all()
    assert (env.arm.tcp_position_m < high + 0.01).all()


def test_nan_action_is_refused_and_the_arm_stays(settings: Settings) -> None:
    env = PandaEnv("pick_red_block", settings, images=False)
    env.reset(seed=0)
    before = env.qpos
    with pytest.raises(ProposalError):
        env.step(np.full(7, np.nan, np.float32))
    assert (env.qpos == before).all()


def test_step_before_reset_and_unknown_task_are_clear_errors(settings: Settings) -> None:
    with pytest.raises(gymnasium.error.ResetNeeded):
        PandaEnv("pick_red_block", settings, images=False).step(np.zeros(7, np.float32))
    with pytest.raises(UnknownNameError, match="pick_red_block"):
        PandaEnv("pick_red_blok", settings)


def test_render_shows_both_cameras(env: PandaEnv) -> None:
    env.reset(seed=0)
    picture = env.render()
    assert picture is not None
    assert picture.shape == (96, 192, 3)
