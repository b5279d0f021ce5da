"""The simulator and an expert to play in it, shared by this folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from irevla.config.settings import Settings, load_settings
from irevla.config.tasks import task
from irevla_nodes.arbiter.envelope import Envelope
from irevla_nodes.arbiter.target import Target
from irevla_nodes.sim.arm_state import ArmState
from irevla_nodes.sim.expert import Expert
from irevla_nodes.sim.simulator import Simulator


@dataclass(frozen=True)
class Episode:
    success: bool
    steps: int
    states: list[NDArray[np.float64]]
    arms: list[ArmState]


Play = Callable[[str, int, float], Episode]


@pytest.fixture(scope="session")
def settings() -> Settings:
    return load_settings()


@pytest.fixture(scope="session")
def simulator(settings: Settings) -> Simulator:
    return Simulator(settings.robot)


@pytest.fixture(scope="session")
def play(settings: Settings, simulator: Simulator) -> Play:
    """Play an expert episode: task, seed, noise."""
    envelope = Envelope(settings.limits, settings.robot)
    experts: dict[tuple[str, float], Expert] = {}

    def run(name: str, seed: int, noise: float) -> Episode:
        expert = experts.setdefault((name, noise), Expert(task(name), seed, noise, settings.robot))
        expert.restart(seed)
        arm = simulator.reset(task(name), seed)
        states, arms = [simulator.qpos], [arm]
        target: Target | None = None
        while not simulator.success and len(arms) <= settings.session.max_steps:
            action = expert.act(arm, simulator.qpos)
            target = envelope.command(action, arm.tcp_position_m, arm.tcp_quaternion_xyzw, target).target
            arm = simulator.step(target)
            states.append(simulator.qpos)
            arms.append(arm)
        return Episode(simulator.success, len(arms) - 1, states, arms)

    return run
