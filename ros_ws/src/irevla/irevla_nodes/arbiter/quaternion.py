"""Unit quaternions x y z w as tuples: for four numbers plain Python is several times faster than numpy."""

from __future__ import annotations

import math

Quaternion = tuple[float, float, float, float]
Vector = tuple[float, float, float]

IDENTITY: Quaternion = (0.0, 0.0, 0.0, 1.0)
DOWN: Quaternion = (1.0, 0.0, 0.0, 0.0)  # the tool points straight down, its x axis along the base's
_TINY_RAD = 1e-9


def multiply(a: Quaternion, b: Quaternion) -> Quaternion:
    """Return the rotation that does ``b`` first, then ``a``."""
    ax, ay, az, aw = a
    bx, by, bz, bw = b
    return (
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
        aw * bw - ax * bx - ay * by - az * bz,
    )


def conjugate(q: Quaternion) -> Quaternion:
    """Return the inverse rotation."""
    return (-q[0], -q[1], -q[2], q[3])


def normalised(q: Quaternion) -> Quaternion:
    """Return ``q`` at length one; the caller has checked that it is not zero."""
    length = math.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3])
    return (q[0] / length, q[1] / length, q[2] / length, q[3] / length)


def from_rotation_vector(v: Vector) -> Quaternion:
    """Return the rotation by ``|v|`` radians about ``v``."""
    angle = math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2])
    scale = math.sin(angle / 2.0) / angle if angle > _TINY_RAD else 0.5
    return normalised((v[0] * scale, v[1] * scale, v[2] * scale, math.cos(angle / 2.0)))


def to_rotation_vector(q: Quaternion) -> Vector:
    """Return the shortest rotation vector [rad] of ``q``, at most pi long."""
    x, y, z, w = q if q[3] >= 0.0 else (-q[0], -q[1], -q[2], -q[3])
    sine = math.sqrt(x * x + y * y + z * z)
    scale = 2.0 * math.atan2(sine, w) / sine if sine > _TINY_RAD else 2.0
    return (x * scale, y * scale, z * scale)


def angle_between_rad(a: Quaternion, b: Quaternion) -> float:
    """Return the angle of the rotation from ``a`` to ``b``, 0 to pi."""
    x, y, z, w = multiply(b, conjugate(a))
    return 2.0 * math.atan2(math.sqrt(x * x + y * y + z * z), abs(w))


def between(start: Quaternion, goal: Quaternion, fraction: float) -> Quaternion:
    """Return the point at ``fraction`` of the shortest turn from ``start`` to ``goal``."""
    x, y, z = to_rotation_vector(multiply(goal, conjugate(start)))
    return normalised(multiply(from_rotation_vector((x * fraction, y * fraction, z * fraction)), start))


def split(q: Quaternion) -> tuple[Quaternion, float]:
    """Split a tool orientation into its tilt from straight down and its yaw: ``tilt * Rz(yaw) * DOWN``.

    The tilt's axis lies in the horizontal plane, so its angle is the angle between the tool and straight down.
    """
    relative = multiply(q, conjugate(DOWN))
    _, _, z, w = relative
    length = math.hypot(z, w)
    # Upside down exactly, yaw means nothing; zero is as good as any.
    yaw: Quaternion = (0.0, 0.0, z / length, w / length) if length > _TINY_RAD else IDENTITY
    angle = 2.0 * math.atan2(yaw[2], yaw[3])
    return multiply(relative, conjugate(yaw)), math.remainder(angle, 2.0 * math.pi)


def join(tilt: Quaternion, yaw_rad: float) -> Quaternion:
    """Return the tool orientation with this tilt and yaw; the inverse of `split`."""
    yaw = (0.0, 0.0, math.sin(yaw_rad / 2.0), math.cos(yaw_rad / 2.0))
    return normalised(multiply(multiply(tilt, yaw), DOWN))


def tilt_and_yaw_rad(q: Quaternion) -> tuple[float, float]:
    """Return the angle from straight down, 0 to pi, and the turn about the tool's axis, -pi to pi."""
    tilt, yaw = split(q)
    return 2.0 * math.atan2(math.hypot(tilt[0], tilt[1]), abs(tilt[3])), yaw
