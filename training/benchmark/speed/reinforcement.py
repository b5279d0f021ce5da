"""Environment steps a second of one PPO update, render to gradient, against the loop one would write first.

The naive loop draws with MuJoCo's default quality and effects, plays one environment after the other, and runs the
frozen VLM again for every minibatch of every epoch. Model, task, picture size and update are the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import mujoco
import numpy as np
import torch

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.policies.create import create_vla
from irevla.policies.vla import VLA
from irevla.training.benchmark.figure import Figure
from irevla.training.benchmark.speed.naive_ppo import NaivePpo
from irevla.training.ppo.ppo import Ppo
from irevla.training.rollout.episode import Episode
from irevla.training.rollout.lanes import make_lanes
from irevla.training.rollout.mean_policy import MeanPolicy
from irevla.training.rollout.wave import play
from irevla.training.suites.suite import Suite
from irevla.training.suites.task_env import TaskEnv

DRAWS, STEPS, CALLS = 60, 60, 30
NAIVE_EPISODES = 2  # a step of the naive loop costs the same however many there are
NAIVE = "naive loop"


@dataclass(frozen=True)
class Measured:
    """Seconds of one way to do an update."""

    steps: int
    play_s: float
    learn_s: float

    @property
    def steps_per_s(self) -> float:
        """End to end."""
        return self.steps / (self.play_s + self.learn_s)


def reinforcement_figures(suite: Suite, settings: BenchmarkSettings) -> list[Figure]:
    """Return the figures for the suite's first RL task."""
    name = settings.rl_tasks[0]
    fast_env, naive_env = (lambda: suite.env(name, settings.policy.image_px)), (lambda: naive(suite, name, settings))
    instruction = suite.task(name).instruction
    fast, slow = _fast(fast_env, instruction, settings), _naive(naive_env, instruction, settings)
    return [
        Figure("PPO, render + policy + learn", fast.steps_per_s, "steps/s", NAIVE, slow.steps_per_s, True),
        Figure("  learn", fast.steps / fast.learn_s, "steps/s", NAIVE, slow.steps / slow.learn_s, True),
        *_stages(fast_env, naive_env, instruction, settings),
    ]


def naive(suite: Suite, name: str, settings: BenchmarkSettings) -> TaskEnv:
    """Return a task's environment drawn as MuJoCo draws by default."""
    task = suite.task(name)
    scene = suite.scene(task)
    default = mujoco.MjSpec().visual.quality
    scene.model.vis.quality.offsamples = default.offsamples
    scene.model.vis.quality.shadowsize = default.shadowsize
    return TaskEnv(task, scene, settings.policy.image_px, effects=True)


def _fast(make_env: Callable[[], TaskEnv], instruction: str, settings: BenchmarkSettings) -> Measured:
    ppo = Ppo(_vla(make_env, settings), instruction, settings.ppo, trains_vlm=False, seed=0)
    episodes: list[Episode] = []
    with closing(make_lanes(make_env, settings.lanes)) as lanes:
        begun = time.perf_counter()
        for wave in range(ppo.waves):
            seeds = range(wave * settings.lanes, (wave + 1) * settings.lanes)
            episodes += play(lanes, seeds, ppo.explorer(wave))
        played = time.perf_counter()
    return _measured(episodes, begun, played, ppo.learn)


def _naive(make_env: Callable[[], TaskEnv], instruction: str, settings: BenchmarkSettings) -> Measured:
    ppo = NaivePpo(_vla(make_env, settings), instruction, settings.ppo)
    episodes: list[Episode] = []
    with closing(make_lanes(make_env, 1)) as lane:
        begun = time.perf_counter()
        for number in range(NAIVE_EPISODES):
            episodes += play(lane, [number], ppo.act)
        played = time.perf_counter()
    return _measured(episodes, begun, played, ppo.learn)


def _measured(
    episodes: Sequence[Episode], begun: float, played: float, learn: Callable[[Sequence[Episode]], object]
) -> Measured:
    learns = time.perf_counter()
    learn(episodes)
    return Measured(sum(map(len, episodes)), played - begun, time.perf_counter() - learns)


def _stages(
    fast_env: Callable[[], TaskEnv], naive_env: Callable[[], TaskEnv], instruction: str, settings: BenchmarkSettings
) -> list[Figure]:
    with closing(fast_env()) as env:
        render, physics = _draws_per_s(env), _physics_per_s(env)
        vla, observed = _vla(fast_env, settings), env.reset(seed=0)[0]
    with closing(naive_env()) as env:
        naive_render = _draws_per_s(env)
    policy = MeanPolicy(vla, instruction)
    batched, single = (_decisions_per_s(policy, observed, count) for count in (settings.lanes, 1))
    return [
        Figure("  render, all cameras", render, "steps/s", "MuJoCo's default quality", naive_render, True),
        Figure("  physics", physics, "steps/s"),
        Figure(f"  encode + act, {settings.lanes} lanes at once", batched, "steps/s", "one by one", single, True),
    ]


def _draws_per_s(env: TaskEnv) -> float:
    env.reset(seed=0)
    env.render()
    return _rate(env.render, DRAWS)


def _physics_per_s(env: TaskEnv) -> float:
    env.reset(seed=0)
    action = np.zeros(7, np.float32)
    return _rate(lambda: env.scene.step(action), STEPS)


def _decisions_per_s(policy: MeanPolicy, observed: dict[str, Any], count: int) -> float:
    pictures, states = (np.stack([observed[name]] * count) for name in ("pictures", "state"))
    policy(pictures, states)
    return count * _rate(lambda: policy(pictures, states), CALLS)


def _rate(work: Callable[[], object], count: int) -> float:
    begun = time.perf_counter()
    for _ in range(count):
        work()
    return count / (time.perf_counter() - begun)


def _vla(make_env: Callable[[], TaskEnv], settings: BenchmarkSettings) -> VLA:
    with closing(make_env()) as env:
        cameras = env.scene.cameras
    with torch.random.fork_rng(devices=[]):
        return create_vla(settings.policy, cameras, seed=0)
