"""Makes a task's object another one: colours and shapes, written into an `mujoco.MjSpec` before it is compiled."""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from irevla.config.errors import UnknownNameError
from irevla.training.suites.task import Triple, Variation

_ROUND = (mujoco.mjtGeom.mjGEOM_CAPSULE, mujoco.mjtGeom.mjGEOM_CYLINDER)


def vary(spec: Any, variation: Variation) -> None:
    """Give ``spec`` the variation's colours and shapes; raises UnknownNameError for a name that it lacks.

    Where an object starts, and so ``shift_m``, is the scene's affair.
    """
    for name, rgba in variation.colors.items():
        _paint(spec, name, rgba)
    for name, factors in variation.stretch.items():
        _stretch(spec, name, factors)


def _paint(spec: Any, name: str, rgba: tuple[float, float, float, float]) -> None:
    painted = spec.material(name) or spec.geom(name)
    if painted is None:
        raise UnknownNameError("material or geom", name, _names(spec.materials, spec.geoms))
    painted.rgba = rgba


def _stretch(spec: Any, name: str, factors: Triple) -> None:
    scale = np.array(factors)
    if (body := spec.body(name)) is not None:
        _stretch_body(spec, body, scale, set())
    elif (mesh := spec.mesh(name)) is not None:
        mesh.scale = mesh.scale * scale
    elif (geom := spec.geom(name)) is not None:
        geom.size = _stretched_size(geom, scale)
    else:
        raise UnknownNameError("body, mesh or geom", name, _names(spec.bodies, spec.meshes, spec.geoms))


def _stretch_body(spec: Any, body: Any, scale: NDArray[np.float64], done: set[str]) -> None:
    """Stretch what the body holds about its origin, along its axes; joints keep their ranges, masses theirs if given.

    MuJoCo's own frame scale (4.0) refuses capsules and cylinders whose cross-section would not stay round.
    """
    body.ipos = body.ipos * scale
    for part in (*body.geoms, *body.sites, *body.joints):
        part.pos = part.pos * scale
    for geom in body.geoms:
        along = _along(spec, geom, scale)
        if not geom.meshname:
            geom.size = _stretched_size(geom, along)
        elif geom.meshname not in done:  # a mesh that several geoms show is one shape
            done.add(geom.meshname)
            mesh = spec.mesh(geom.meshname)
            mesh.scale = mesh.scale * along
    for child in body.bodies:
        child.pos = child.pos * scale
        _stretch_body(spec, child, _along(spec, child, scale), done)


def _stretched_size(geom: Any, scale: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a primitive's size, stretched along its own axes; what is round stays round."""
    if geom.type in _ROUND:
        scale = np.array([np.sqrt(scale[0] * scale[1]), scale[2], 1.0])
    elif geom.type == mujoco.mjtGeom.mjGEOM_SPHERE:
        scale = np.full(3, np.cbrt(scale.prod()))
    return np.asarray(geom.size * scale, dtype=np.float64)


def _along(spec: Any, part: Any, scale: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the factors along a part's own axes, exact for one that is turned by right angles."""
    quaternion = part.quat
    if part.alt.type != mujoco.mjtOrientation.mjORIENTATION_QUAT:
        compiler = spec.compiler
        quaternion = spec.resolve_orientation(degree=compiler.degree, sequence=compiler.eulerseq, orientation=part.alt)
    matrix = np.zeros(9)
    mujoco.mju_quat2Mat(matrix, np.asarray(quaternion, dtype=np.float64))
    # Row r of the squared matrix says how much of the part's axis lies along each axis of its parent.
    return np.square(matrix.reshape(3, 3)).T @ scale


def _names(*lists: Any) -> list[str]:
    return [part.name for parts in lists for part in parts if part.name]
