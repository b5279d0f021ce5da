"""How fast the simulator is: policy steps with both cameras in lockstep, against real time and default rendering."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import mujoco

from irevla.config.settings import Settings, load_settings
from irevla.config.tasks import Task, task
from irevla.training.benchmark.figure import Figure
from irevla.training.suites.offscreen import Offscreen
from irevla_nodes.arbiter.envelope import Envelope
from irevla_nodes.arbiter.target import Target
from irevla_nodes.sim.camera import SimCamera
from irevla_nodes.sim.expert import Expert
from irevla_nodes.sim.simulator import Simulator
from irevla_nodes.sim.world import CAMERAS, build_spec

SIDE_PX = 96
STEPS = 60
TASK = "pick_red_block"


def run(steps: int = STEPS) -> list[Figure]:
    """Measure the expert at work on one core, then the same pictures with the detailed meshes and MuJoCo's defaults."""
    settings, chosen = load_settings(), task(TASK)
    physics_s, states = _physics(settings, chosen, steps)
    cameras = [SimCamera(name, SIDE_PX, SIDE_PX) for name in CAMERAS]
    pictures_s = _seconds(lambda qpos: [camera.render(chosen, qpos) for camera in cameras], states)
    for camera in cameras:
        camera.close()
    default_s = _default_pictures(chosen, states)
    period_s, step_s = 1 / settings.robot.policy_hz, physics_s + pictures_s
    return [
        Figure("policy steps with both cameras", 1 / step_s, "steps/s", "real time", 1 / period_s, True),
        Figure("policy step: physics and control", 1e3 * physics_s, "ms"),
        Figure(
            f"policy step: two pictures of {SIDE_PX} px", 1e3 * pictures_s, "ms", "default rendering", 1e3 * default_s
        ),
    ]


def _physics(settings: Settings, chosen: Task, steps: int) -> tuple[float, list[Any]]:
    """Return seconds a policy step of simulator, limits and expert, and the states that were passed."""
    simulator, envelope = Simulator(settings.robot), Envelope(settings.limits, settings.robot)
    expert = Expert(chosen, 0, 0.1, settings.robot)
    states: list[Any] = []
    arm, seed = simulator.reset(chosen, 0), 0
    target: Target | None = None
    spent_s = 0.0
    while len(states) < steps:
        start_s = time.perf_counter()
        action = expert.act(arm, simulator.qpos)
        target = envelope.command(action, arm.tcp_position_m, arm.tcp_quaternion_xyzw, target).target
        arm = simulator.step(target)
        spent_s += time.perf_counter() - start_s
        states.append(simulator.qpos)
        if simulator.success:
            seed += 1
            arm, target = simulator.reset(chosen, seed), None
    return spent_s / steps, states


def _default_pictures(chosen: Task, states: list[Any]) -> float:
    """Return seconds a step for both pictures with the original meshes, shadows, reflections and multisampling."""
    spec = build_spec(chosen, "fine")
    default = mujoco.MjSpec()
    spec.visual.quality.shadowsize = default.visual.quality.shadowsize
    spec.visual.quality.offsamples = default.visual.quality.offsamples
    for light in spec.lights:
        light.castshadow = True
    model = spec.compile()
    data = mujoco.MjData(model)
    views = [Offscreen(model, name, SIDE_PX, SIDE_PX, effects=True) for name in CAMERAS]

    def pictures(qpos: Any) -> None:
        data.qpos[:] = qpos
        mujoco.mj_forward(model, data)
        for view in views:
            view.draw(data)

    spent_s = _seconds(pictures, states[: max(1, len(states) // 4)])
    for view in views:
        view.close()
    return spent_s


def _seconds(work: Callable[[Any], object], states: list[Any]) -> float:
    work(states[0])  # builds the model and warms the caches
    start_s = time.perf_counter()
    for qpos in states:
        work(qpos)
    return (time.perf_counter() - start_s) / len(states)
