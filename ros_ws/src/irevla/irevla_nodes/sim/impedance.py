"""Cartesian impedance control in joint torques, with the clipped error of SERL's controller (Luo et al. 2024)."""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from irevla.config.robot import RobotSettings
from irevla_nodes.sim.panda import TCP, TORQUE_NM

Vector = NDArray[np.float64]
TORQUE_RATE_NM_S = 1000.0
"""Franka's limit on the change of the commanded torque."""


class Impedance:
    """Holds the tool at a pose as a damped spring: ``J^T (K clip(e) - D v) + N (k_n (q_home - q) - d_n dq) + bias``.

    ``e`` is the pose error in the base frame, each component clipped, so a far target pulls no harder than
    ``stiffness * error_clip``. ``N`` is the kinematic null-space projector. Gravity and Coriolis torques are ``bias``;
    as on the arm, the rate limit holds for what is asked on top of them.
    """

    def __init__(self, model: Any, data: Any, settings: RobotSettings) -> None:
        self._model, self._data = model, data
        self._site = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_SITE, TCP)
        self._position = data.site_xpos[self._site]
        self._matrix = data.site_xmat[self._site]
        self._q, self._dq, self._bias = data.qpos[:7], data.qvel[:7], data.qfrc_bias[:7]
        self._jacobian = np.zeros((6, model.nv))
        self._quaternion_wxyz, self._turn = np.zeros(4), np.zeros(3)
        self._error = np.zeros(6)
        self._stiffness = np.repeat((settings.stiffness_n_m, settings.stiffness_nm_rad), 3)
        self._damping = np.repeat((settings.damping_n_s_m, settings.damping_nm_s_rad), 3)
        self._clip = np.repeat((settings.error_clip_m, settings.error_clip_rad), 3)
        self._home = np.array(settings.home_rad)
        self._null_stiffness = settings.nullspace_stiffness
        self._null_damping = 2.0 * np.sqrt(settings.nullspace_stiffness)
        self._limit = np.array(TORQUE_NM)
        self._rate = TORQUE_RATE_NM_S / settings.control_hz
        # Keeps the projector finite at a singularity; 1e-6 is far below J J^T anywhere in the workspace.
        self._ridge = 1e-6 * np.eye(6)
        self._asked = np.zeros(7)

    def reset(self) -> None:
        """Start from rest: the next torque may differ from pure gravity compensation by one rate step."""
        self._asked[:] = 0.0

    def torque(self, position_m: Vector, quaternion_wxyz: Vector) -> Vector:
        """Return joint torques ``(7,)`` [Nm] towards the target; positions and velocities must be up to date."""
        mujoco.mj_jacSite(self._model, self._data, self._jacobian[:3], self._jacobian[3:], self._site)
        jacobian = self._jacobian[:, :7]
        error = self._error
        error[:3] = position_m - self._position
        mujoco.mju_mat2Quat(self._quaternion_wxyz, self._matrix)
        mujoco.mju_subQuat(self._turn, quaternion_wxyz, self._quaternion_wxyz)
        error[3:] = self._matrix.reshape(3, 3) @ self._turn
        np.minimum(np.maximum(error, -self._clip, out=error), self._clip, out=error)
        wrench = self._stiffness * error - self._damping * (jacobian @ self._dq)
        posture = self._null_stiffness * (self._home - self._q) - self._null_damping * self._dq
        # J^T w + (I - J^T (J J^T)^-1 J) posture, with one product by J^T.
        wrench -= np.linalg.solve(jacobian @ jacobian.T + self._ridge, jacobian @ posture)
        wanted = jacobian.T @ wrench + posture
        step = np.minimum(np.maximum(wanted - self._asked, -self._rate), self._rate)
        self._asked += step
        torque: Vector = np.minimum(np.maximum(self._asked + self._bias, -self._limit), self._limit)
        return torque
