"""The simulated arm: one policy step is `control_hz / policy_hz` torque steps of the impedance controller."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from irevla.config.errors import ConfigError, DeviceError, WrongStateError
from irevla.config.robot import RobotSettings
from irevla.config.tasks import Task
from irevla_nodes.arbiter.target import Target
from irevla_nodes.sim.arm_state import ArmState
from irevla_nodes.sim.impedance import Impedance
from irevla_nodes.sim.panda import GRIPPER_MAX_M, TCP
from irevla_nodes.sim.scenes.catalogue import scene_of
from irevla_nodes.sim.scenes.scene import Scene
from irevla_nodes.sim.world import build_model

Floats = NDArray[np.float64]
GRIPPER_SPEED_M_S = 0.2  # of the width: 0.1 m/s a finger
START_NOISE_RAD = 0.02  # standard deviation of the joint angles after a reset, cut at two
_GRIPPER = 7  # actuator index, after the joints'
_DIVERGED = (
    mujoco.mjtWarning.mjWARN_BADQPOS,
    mujoco.mjtWarning.mjWARN_BADQVEL,
    mujoco.mjtWarning.mjWARN_BADQACC,
)


@dataclass(frozen=True)
class _World:
    model: Any
    data: Any
    scene: Scene
    control: Impedance
    site: int


class Simulator:
    """A Panda and a task's scene under torque control; the same task, seed and targets repeat bit for bit.

    Physics takes one step a torque step. A task's model is built once and kept.
    """

    def __init__(self, robot: RobotSettings) -> None:
        """Raise ConfigError when a policy step is no whole number of control steps."""
        steps = robot.control_hz / robot.policy_hz
        if abs(steps - round(steps)) > 1e-9:
            raise ConfigError(
                f"robot: control_hz / policy_hz should be a whole number, got {steps:g}; "
                "e.g. control_hz 500, policy_hz 10"
            )
        self._settings = robot
        self._control_steps = round(steps)
        self._worlds: dict[str, _World] = {}
        self._active: _World | None = None
        self._target_m, self._target_wxyz = np.zeros(3), np.zeros(4)
        self._width_m = 0.0
        self._effort_nm = np.zeros(7)

    def reset(self, task: Task, seed: int) -> ArmState:
        """Stand at home with the task's scene in the start state of ``seed``; raises UnknownNameError."""
        if task.name not in self._worlds:
            self._worlds[task.name] = self._build(task)
        self._active = world = self._worlds[task.name]
        data, rng = world.data, np.random.default_rng(seed)
        mujoco.mj_resetData(world.model, data)
        noise = np.clip(rng.standard_normal(7), -2.0, 2.0) * START_NOISE_RAD
        data.qpos[:7] = np.array(self._settings.home_rad) + noise
        data.qpos[7:9] = GRIPPER_MAX_M / 2
        world.scene.place(world.model, data, rng)
        world.control.reset()
        data.ctrl[_GRIPPER] = self._width_m = GRIPPER_MAX_M
        mujoco.mj_forward(world.model, data)
        self._effort_nm = data.qfrc_bias[:7].copy()
        self._target_m = data.site_xpos[world.site].copy()
        self._target_wxyz = _quaternion_wxyz(data.site_xmat[world.site])
        return self._state(world)

    def step(self, target: Target) -> ArmState:
        """Move towards ``target`` for one policy step and return the state at its end.

        The controller's set point glides from the previous target to this one, so a policy step asks for no jump.
        Raises WrongStateError before the first reset, DeviceError when the physics diverged: reset then.
        """
        world = self._world
        model, data, control = world.model, world.data, world.control
        start_m, move_m = self._target_m, target.position_m - self._target_m
        x, y, z, w = target.quaternion_xyzw
        start_wxyz, end_wxyz, turn_rad = self._target_wxyz, np.array([w, x, y, z]), np.zeros(3)
        mujoco.mju_subQuat(turn_rad, end_wxyz, start_wxyz)
        set_wxyz = np.zeros(4)
        width_step_m = GRIPPER_SPEED_M_S / self._settings.control_hz
        for k in range(1, self._control_steps + 1):
            part = k / self._control_steps
            mujoco.mju_copy(set_wxyz, start_wxyz)
            mujoco.mju_quatIntegrate(set_wxyz, turn_rad, part)
            mujoco.mj_step1(model, data)
            data.ctrl[:7] = self._effort_nm = control.torque(start_m + part * move_m, set_wxyz)
            change_m = target.gripper_width_m - self._width_m
            self._width_m += min(max(change_m, -width_step_m), width_step_m)
            data.ctrl[_GRIPPER] = self._width_m
            mujoco.mj_step2(model, data)
        self._target_m, self._target_wxyz = target.position_m, end_wxyz
        mujoco.mj_forward(model, data)
        if any(data.warning[kind].number for kind in _DIVERGED):
            raise DeviceError(f"the simulation diverged {data.time:.2f} s after the reset; reset it to go on")
        return self._state(world)

    @property
    def success(self) -> bool:
        """Whether the scene's success predicate holds now; raises WrongStateError before the first reset."""
        return self._world.scene.is_done(self._world.model, self._world.data)

    @property
    def qpos(self) -> Floats:
        """A copy of MuJoCo's generalised positions: arm (7), fingers (2), then the scene's."""
        return np.array(self._world.data.qpos)

    @property
    def qvel(self) -> Floats:
        """A copy of MuJoCo's generalised velocities."""
        return np.array(self._world.data.qvel)

    @property
    def time_s(self) -> float:
        """Simulated time since the reset."""
        return float(self._world.data.time)

    @property
    def _world(self) -> _World:
        if self._active is None:
            raise WrongStateError("the simulator has no task yet; call reset(task, seed) first")
        return self._active

    def _build(self, task: Task) -> _World:
        model = build_model(task)
        model.opt.timestep = 1.0 / self._settings.control_hz
        data = mujoco.MjData(model)
        control = Impedance(model, data, self._settings)
        return _World(model, data, scene_of(task), control, model.site(TCP).id)

    def _state(self, world: _World) -> ArmState:
        data = world.data
        jacobian = np.zeros((6, world.model.nv))
        mujoco.mj_jacSite(world.model, data, jacobian[:3], jacobian[3:], world.site)
        w, x, y, z = _quaternion_wxyz(data.site_xmat[world.site])
        return ArmState(
            time_s=float(data.time),
            joint_position_rad=data.qpos[:7].copy(),
            joint_velocity_rad_s=data.qvel[:7].copy(),
            joint_effort_nm=self._effort_nm.copy(),
            tcp_position_m=data.site_xpos[world.site].copy(),
            tcp_quaternion_xyzw=np.array([x, y, z, w]),
            tcp_twist=jacobian @ data.qvel,
            gripper_width_m=float(data.qpos[7] + data.qpos[8]),
        )


def _quaternion_wxyz(matrix: Floats) -> Floats:
    quaternion = np.zeros(4)
    mujoco.mju_mat2Quat(quaternion, matrix)
    return quaternion
