"""A task's MuJoCo model: the kitchen of gymnasium-robotics, varied, lean, and seen by cameras of our own."""

from __future__ import annotations

import copy
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import mujoco

from irevla.config.errors import DeviceError
from irevla.training.suites.camera import looking_at
from irevla.training.suites.kitchen.parts import name_parts
from irevla.training.suites.task import SuiteTask
from irevla.training.suites.variation import vary

TOOL = "tool"
BASE = "panda0_link0"
CAMERAS = ("front", "wrist")
ARM_JOINTS = tuple(f"robot:panda0_joint{index}" for index in range(1, 8))
FINGER_JOINTS = ("robot:panda0_finger_joint1", "robot:panda0_finger_joint2")
TIMESTEP_S = 0.004
_HAND = "panda0_link7"
# Turned by 135 degrees on the flange: pads left and right, and the state's rotation vector is far from a half turn.
_TOOL_QUAT_WXYZ = (0.382683, 0.0, 0.0, 0.92388)
_TOOL_M = 0.245  # to between the pads: the kitchen's fingers are longer than Franka's
_KETTLE_M = (0.22, 0.78, 1.626)  # on the burner behind to the right; on the front one it bars the way to the microwave
_PUSHED = ("knob 2", "lightswitchroot", "slidelink")
_STIFFER, _STRONGER = 4.0, 3.0
_RGB = mujoco.mjtTextureRole.mjTEXROLE_RGB.value
_LARGEST_PX = 640
_COLLISION_GROUP = 3  # and higher; never drawn
_CAMERAS = (
    ("front", (0.45, -0.55, 2.85), (-0.28, 0.6, 2.25), (0.0, 0.0, 1.0), 45.0),
    ("wrist", (0.1, 0.0, -0.17), (0.0, 0.0, 0.06), (1.0, 0.0, 0.0), 75.0),
)
"""Name, eye, aim and up [m], field of view [deg]; one looks over the shoulder, one from the hand."""

_compiled: dict[str, Any] = {}


def task_model(task: SuiteTask) -> Any:
    """Return a new `mujoco.MjModel` of the task; raises UnknownNameError for a name that the kitchen lacks."""
    key = repr(task.variation)
    if key not in _compiled:
        spec = kitchen_spec()
        vary(spec, task.variation)
        _compiled[key] = spec.compile()
    return copy.copy(_compiled[key])


def kitchen_spec() -> Any:
    """Return the known kitchen's `mujoco.MjSpec`; raises DeviceError without gymnasium-robotics."""
    spec = mujoco.MjSpec.from_file(str(_mjcf()))
    name_parts(spec)
    _simulate_less(spec)
    _draw_less(spec)
    _stiffen(spec)
    _add_sight(spec)
    return spec


def _mjcf() -> Path:
    found = find_spec("gymnasium_robotics")
    places = list(found.submodule_search_locations or ()) if found else []
    path = Path(places[0] if places else "") / "envs/assets/kitchen_franka/kitchen_assets/kitchen_env_model.xml"
    if not path.is_file():
        raise DeviceError(
            f"no kitchen: expected {path} from the package gymnasium-robotics; "
            "reinstall it (pip install 'gymnasium-robotics>=1.3')"
        )
    return path


def _simulate_less(spec: Any) -> None:
    """The kettle stands still, and no contact is looked for between pieces of furniture."""
    for key in list(spec.keys):
        spec.delete(key)
    spec.delete(spec.joint("kettle"))
    spec.body("kettle").pos = _KETTLE_M
    for geom in spec.body("kettleroot").geoms:
        geom.contype = 0
    spec.option.timestep = TIMESTEP_S
    spec.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    # A handle creeps out of the fingers unless friction is stiff; what they push must glide along them then.
    spec.option.cone, spec.option.impratio = mujoco.mjtCone.mjCONE_ELLIPTIC, 10.0
    for body in _PUSHED:
        for geom in spec.body(body).geoms:
            geom.priority, geom.friction[0] = 1, 0.2


def _draw_less(spec: Any) -> None:
    """No shadows, multisampling, textures or floor; coarse round shapes; the arm's hulls for its 130 000 triangles."""
    quality, image = spec.visual.quality, spec.visual.global_
    image.offwidth = image.offheight = _LARGEST_PX  # each context holds such a buffer; 63 MB as it comes
    quality.shadowsize = quality.offsamples = 0
    quality.numslices, quality.numstacks, quality.numquads = 10, 6, 1
    for light in list(spec.lights)[1:]:
        spec.delete(light)
    spec.geom("floor").group = _COLLISION_GROUP
    for material in spec.materials:
        material.textures[_RGB] = ""
    for texture in list(spec.textures):
        spec.delete(texture)
    for geom in list(spec.geoms):
        if geom.meshname == "burnerplate":
            spec.delete(geom)  # 2 800 triangles of grooves in four plates
        elif geom.group < _COLLISION_GROUP:
            geom.meshname = geom.meshname.replace("_viz", "_col")
    for mesh in list(spec.meshes):
        if mesh.name.endswith("_viz"):
            spec.delete(mesh)


def _stiffen(spec: Any) -> None:
    """Compensate gravity, as the real arm does; stiffer and stronger servos reach their targets within a decision."""
    for body in (spec.body(BASE), *spec.body(BASE).find_all("body")):
        body.gravcomp = 1.0
    for servo in spec.actuators:
        servo.gainprm[0] *= _STIFFER
        servo.biasprm[1] *= _STIFFER
        # The kitchen's joints are damped so much that the real torques would hold them below 0.9 rad/s.
        servo.forcerange *= _STRONGER
    for name in ARM_JOINTS:
        joint = spec.joint(name)
        joint.solref_limit, joint.solimp_limit[:2] = (2 * TIMESTEP_S, 1.0), (0.99, 0.999)  # hard stops
    for name in FINGER_JOINTS:
        joint = spec.joint(name)
        joint.armature, joint.damping = 0.5, (60.0, 0.0, 0.0)


def _add_sight(spec: Any) -> None:
    """Add the tool's frame (z along the fingers, y from pad to pad) and the cameras; light enough to see by."""
    spec.site("end_effector").group = _COLLISION_GROUP
    headlight = spec.visual.headlight
    headlight.ambient, headlight.diffuse, headlight.specular = (0.35,) * 3, (0.5,) * 3, (0.0,) * 3
    tool = spec.body(_HAND).add_body(name=TOOL, pos=(0, 0, _TOOL_M), quat=_TOOL_QUAT_WXYZ)
    tool.add_site(name=TOOL, size=(0.002,) * 3, group=_COLLISION_GROUP)
    for body, (name, eye, aim, up, fovy) in zip((spec.worldbody, tool), _CAMERAS, strict=True):
        body.add_camera(name=name, pos=eye, quat=looking_at(eye, aim, up), fovy=fovy)
