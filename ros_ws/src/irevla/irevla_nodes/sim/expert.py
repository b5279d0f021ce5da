"""The scripted expert: closed loop on the simulator's state, noisy on request, no memory but the noise's."""

from __future__ import annotations

import mujoco
import numpy as np
from numpy.typing import NDArray

from irevla.config.robot import RobotSettings
from irevla.config.tasks import Task
from irevla_nodes.arbiter import quaternion as quaternions
from irevla_nodes.sim.arm_state import ArmState
from irevla_nodes.sim.scenes.catalogue import scene_of
from irevla_nodes.sim.scenes.grasp import quaternion_of
from irevla_nodes.sim.world import build_model

LEAD_S = 0.045
"""The commanded pose runs ahead of the arm by damping / stiffness times the speed (89 / 2000 s)."""
GAIN = 0.9
SPEED = 0.75  # longest translation, in action units: what the arbiter's leash lets through while the arm lags behind
AIM_SHARE, AIM_M = 0.3, 0.08  # share of the noise that stays at the goal; distance over which the rest comes in


class Expert:
    """Proposes actions that solve a task, from `qpos` and the arm's state alone."""

    def __init__(self, task: Task, seed: int, noise: float, robot: RobotSettings | None = None) -> None:
        """``noise``: standard deviation of what is added to the six motion components, in action units."""
        settings = robot or RobotSettings()
        self._scene = scene_of(task)
        self._model = build_model(task)
        self._data = mujoco.MjData(self._model)
        self._noise = noise
        self._rng = np.random.default_rng(seed)
        self._scale_m, self._scale_rad = settings.translation_scale_m, settings.rotation_scale_rad

    def restart(self, seed: int) -> None:
        """Begin another episode of the same task; the same seed brings the same noise."""
        self._rng = np.random.default_rng(seed)

    def act(self, arm: ArmState, qpos: NDArray[np.float64]) -> NDArray[np.float32]:
        """Return an action ``(7,)`` in [-1, 1], in the format of `irevla.policies.base`."""
        self._data.qpos[:] = qpos
        mujoco.mj_kinematics(self._model, self._data)
        goal = self._scene.goal(self._model, self._data, arm)
        ahead_m = arm.tcp_position_m + LEAD_S * arm.tcp_twist[:3]
        tilt, yaw_rad = quaternions.split(quaternion_of(arm))
        turn = np.array(quaternions.to_rotation_vector(quaternions.conjugate(tilt)))
        turn[2] += goal.yaw_rad - yaw_rad
        turn -= LEAD_S * arm.tcp_twist[3:]
        move = np.concatenate([(goal.position_m - ahead_m) / self._scale_m, turn / self._scale_rad]) * GAIN
        # A hand shakes less when it aims: full noise on the way, a part of it at the goal.
        share = min(1.0, AIM_SHARE + float(np.linalg.norm(goal.position_m - ahead_m)) / AIM_M)
        move += self._noise * share * self._rng.standard_normal(6)
        move[:3] *= min(1.0, SPEED / max(float(np.linalg.norm(move[:3])), 1e-9))
        return np.append(np.clip(move, -1.0, 1.0), 1.0 if goal.is_open else -1.0).astype(np.float32)
