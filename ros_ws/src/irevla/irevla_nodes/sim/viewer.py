"""MuJoCo's own viewer on a task, for people with a display."""

from __future__ import annotations

import time

import mujoco
import mujoco.viewer
import numpy as np

from irevla.config.settings import Settings
from irevla.config.tasks import Task
from irevla_nodes.sim.pictures import expert_states
from irevla_nodes.sim.simulator import Simulator
from irevla_nodes.sim.world import build_model


def play(task: Task, settings: Settings, seed: int, noise: float | None) -> None:
    """Show the start state, or with ``noise`` the expert in real time, again and again; blocks until it is closed."""
    model = build_model(task, "fine")
    data = mujoco.MjData(model)
    simulator = Simulator(settings.robot)
    with mujoco.viewer.launch_passive(model, data, show_left_ui=False, show_right_ui=False) as window:
        while window.is_running():
            if noise is None:
                simulator.reset(task, seed)
                states = iter([simulator.qpos])
            else:
                states = iter(list(expert_states(simulator, task, seed, settings, noise)))
            for qpos in states:
                data.qpos[:] = np.asarray(qpos)
                mujoco.mj_forward(model, data)
                window.sync()
                time.sleep(1 / settings.robot.policy_hz)
                if not window.is_running():
                    return
            seed += noise is not None
