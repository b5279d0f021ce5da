"""Where something is, and how it is turned."""

from __future__ import annotations

from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Pose:
    """Where something is in the world."""

    position: Vector
    """x y z [m]."""
    quaternion: Vector
    """w x y z."""

    def moved(self, translation: Vector, rotation: Vector) -> Pose:
        """Return the pose translated and then turned about its own origin by a rotation vector, both of the world."""
        turn, quaternion = np.zeros(4), np.zeros(4)
        angle = float(np.linalg.norm(rotation))
        mujoco.mju_axisAngle2Quat(turn, rotation / max(angle, 1e-9), angle)
        mujoco.mju_mulQuat(quaternion, turn, self.quaternion)
        return Pose(self.position + translation, quaternion)

    def to(self, other: Pose) -> tuple[Vector, Vector]:
        """Return the translation and the rotation vector ``(3,)`` that lead to ``other``, in the world."""
        turn, rotation = np.zeros(3), np.zeros(3)
        mujoco.mju_subQuat(turn, other.quaternion, self.quaternion)
        mujoco.mju_rotVecQuat(rotation, turn, self.quaternion)
        return other.position - self.position, rotation

    def turn(self, vector: Vector) -> Vector:
        """Return a vector of this frame ``(3,)`` along the world's axes."""
        turned = np.zeros(3)
        mujoco.mju_rotVecQuat(turned, np.asarray(vector, dtype=np.float64), self.quaternion)
        return turned

    def seen_from(self, frame: Pose) -> Pose:
        """Return the pose in another frame."""
        back, quaternion, position = np.zeros(4), np.zeros(4), np.zeros(3)
        mujoco.mju_negQuat(back, frame.quaternion)
        mujoco.mju_mulQuat(quaternion, back, self.quaternion)
        mujoco.mju_rotVecQuat(position, self.position - frame.position, back)
        return Pose(position, quaternion)
