"""Puts arm, table, lights, cameras and a task's scene into one MuJoCo model."""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from irevla.config.tasks import Task
from irevla_nodes.sim.collisions import NOTHING, TABLE
from irevla_nodes.sim.panda import FLANGE_M, HAND, HAND_QUAT_WXYZ, Visual, panda_spec
from irevla_nodes.sim.scenes.catalogue import scene_of

TIMESTEP_S = 0.002
FRONT_DOWN_RAD, WRIST_BACK_RAD = 0.66, 0.38
CAMERAS = ("front", "wrist")
_TABLE = (0.62, 0.56, 0.48, 1.0)
_FLOOR = (0.30, 0.32, 0.35, 1.0)


def build_model(task: Task, visual: Visual = "fast") -> Any:
    """Return the compiled `mujoco.MjModel` of a task; raises UnknownNameError for an unknown scene or variant."""
    return build_spec(task, visual).compile()


def build_spec(task: Task, visual: Visual) -> Any:
    """Return the `mujoco.MjSpec` that `build_model` compiles."""
    scene = scene_of(task)
    spec = panda_spec(visual)
    spec.modelname = task.name
    spec.option.timestep = TIMESTEP_S
    spec.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    spec.option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC
    spec.option.impratio = 10.0
    spec.option.iterations, spec.option.ls_iterations = 50, 20
    # Rendering is on the CPU: no shadow pass, no multisampling; a framebuffer large enough for pictures in a README.
    spec.visual.quality.shadowsize = 0
    spec.visual.quality.offsamples = 0
    spec.visual.global_.offwidth, spec.visual.global_.offheight = 1280, 960
    spec.visual.map.znear, spec.visual.map.zfar = 0.01, 10.0
    spec.visual.headlight.ambient = (0.35, 0.35, 0.35)
    spec.visual.headlight.diffuse = (0.25, 0.25, 0.25)
    spec.visual.headlight.specular = (0.0, 0.0, 0.0)
    spec.stat.extent, spec.stat.center = 1.0, (0.5, 0.0, 0.2)
    _add_table(spec)
    _add_cameras(spec)
    scene.build(spec)
    return spec


def _add_table(spec: Any) -> None:
    world = spec.worldbody
    world.add_light(
        pos=(0.6, 0.5, 1.6),
        dir=(-0.1, -0.3, -1.0),
        type=mujoco.mjtLightType.mjLIGHT_DIRECTIONAL,
        castshadow=False,
        diffuse=(0.55, 0.55, 0.55),
        specular=(0.1, 0.1, 0.1),
    )
    world.add_geom(
        name="table",
        type=mujoco.mjtGeom.mjGEOM_BOX,
        size=(0.65, 0.6, 0.02),
        pos=(0.4, 0, -0.02),
        rgba=_TABLE,
        **TABLE,
        friction=(0.8, 0.01, 0.001),
    )
    world.add_geom(
        name="floor",
        type=mujoco.mjtGeom.mjGEOM_PLANE,
        size=(4, 4, 1),
        pos=(0, 0, -0.4),
        rgba=_FLOOR,
        **NOTHING,
    )


def _add_cameras(spec: Any) -> None:
    # Front: beyond the table, looking back and down at the arm, so that the hand does not hide what it reaches for.
    sine, cosine = np.sin(FRONT_DOWN_RAD), np.cos(FRONT_DOWN_RAD)
    spec.worldbody.add_camera(
        name="front", pos=(1.22, 0.0, 0.72), quat=_quaternion((0, 1, 0), (-sine, 0, cosine)), fovy=40.0
    )
    # Wrist: ahead of the flange (+x of the tool), tilted back so that the finger tips and what they hold stay in view.
    sine, cosine = np.sin(WRIST_BACK_RAD), np.cos(WRIST_BACK_RAD)
    hand = spec.body(HAND).add_frame(pos=(0, 0, FLANGE_M), quat=HAND_QUAT_WXYZ)
    camera = spec.body(HAND).add_camera(
        name="wrist", pos=(0.07, 0.0, 0.02), quat=_quaternion((0, 1, 0), (cosine, 0, sine)), fovy=75.0
    )
    camera.set_frame(hand)


def _quaternion(right: tuple[float, ...], up: tuple[float, ...]) -> NDArray[np.float64]:
    """Return w x y z of a camera whose picture has these axes in the parent's frame; MuJoCo's cameras look along -z."""
    matrix = np.column_stack([right, up, np.cross(right, up)])
    result = np.zeros(4)
    mujoco.mju_mat2Quat(result, matrix.ravel())
    return result
