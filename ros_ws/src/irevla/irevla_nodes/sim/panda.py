"""Builds the Panda's MuJoCo specification from the model and meshes that gymnasium-robotics installs.

The links keep the package's masses; joint zeros, limits and torques are set to the real arm's (Franka's published
control parameters). The links collide with nothing: the arbiter's workspace box keeps them off the table. Hand and
fingers collide, as boxes.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import mujoco

from irevla.config.errors import DeviceError
from irevla_nodes.sim.collisions import HAND as HAND_COLLIDES

JOINTS = tuple(f"robot:panda0_joint{i}" for i in range(1, 8))
FINGERS = ("robot:panda0_finger_joint1", "robot:panda0_finger_joint2")
FINGER_BODIES = ("panda0_leftfinger", "panda0_rightfinger")
GRIPPER = "gripper"
TCP = "tcp"
HAND = "panda0_link7"
# Franka's published limits; joint 4 and 6 are the ones that matter over a table.
JOINT_RANGE_RAD = (
    (-2.8973, 2.8973),
    (-1.7628, 1.7628),
    (-2.8973, 2.8973),
    (-3.0718, -0.0698),
    (-2.8973, 2.8973),
    (-0.0175, 3.7525),
    (-2.8973, 2.8973),
)
TORQUE_NM = (87.0, 87.0, 87.0, 87.0, 12.0, 12.0, 12.0)
GRIPPER_MAX_M = 0.08
GRASP_FORCE_N = 40.0
FLANGE_TO_TCP_M = 0.1034
FLANGE_M = 0.107
HAND_QUAT_WXYZ = (0.92388, 0.0, 0.0, -0.382683)
"""The hand is turned by -45 degrees on the flange."""
Visual = Literal["fast", "fine"]
"""Which meshes are drawn: the ~2 k-triangle hulls, or the ~130 k-triangle originals."""

_MOTORS = "".join(
    f'<motor name="{name}" joint="{name}" ctrllimited="true" ctrlrange="{-torque} {torque}"/>'
    for name, torque in zip(JOINTS, TORQUE_NM, strict=True)
)
# The package's links and meshes without its position servos: torque motors instead, and one motor that moves both
# fingers, as in the Franka Hand, so that the gripper's width is the tendon's length.
_MJCF = f"""<mujoco>
  <include file="assets.xml"/>
  <worldbody><include file="chain.xml"/></worldbody>
  <equality>
    <joint joint1="{FINGERS[0]}" joint2="{FINGERS[1]}" solref="0.01 1"/>
  </equality>
  <tendon>
    <fixed name="{GRIPPER}"><joint joint="{FINGERS[0]}" coef="1"/><joint joint="{FINGERS[1]}" coef="1"/></fixed>
  </tendon>
  <actuator>
    {_MOTORS}
    <position name="{GRIPPER}" tendon="{GRIPPER}" kp="2000" kv="40" ctrllimited="true" ctrlrange="0 {GRIPPER_MAX_M}"
      forcelimited="true" forcerange="{-GRASP_FORCE_N} {GRASP_FORCE_N}"/>
  </actuator>
</mujoco>"""

_WHITE = (0.92, 0.93, 0.95, 1.0)
_DARK = (0.16, 0.17, 0.19, 1.0)


def panda_spec(visual: Visual = "fast") -> Any:
    """Return an `mujoco.MjSpec` of the arm alone, base frame at the origin; raises DeviceError without the package."""
    folder = _assets()
    spec = mujoco.MjSpec.from_string(
        _MJCF, include={name: (folder / name).read_bytes() for name in ("assets.xml", "chain.xml")}
    )
    spec.meshdir = str(folder / "meshes")
    _set_kinematics(spec)
    _set_links(spec, visual)
    _set_hand(spec)
    return spec


def _assets() -> Path:
    found = find_spec("gymnasium_robotics")
    places = list(found.submodule_search_locations or ()) if found else []
    folder = Path(places[0]) / "envs/assets/kitchen_franka/franka_assets" if places else Path()
    if not (folder / "chain.xml").is_file():
        raise DeviceError(
            f"no Panda model: expected {folder}/chain.xml from the package gymnasium-robotics; "
            "reinstall it (pip install 'gymnasium-robotics>=1.3')"
        )
    return folder


def _set_kinematics(spec: Any) -> None:
    """Undo the package's own zero of joints 6 and 7 (it turns both frames) so that q means what Franka's q means."""
    for name in ("panda0_link6", "panda0_link7"):
        body = spec.body(name)
        body.alt.type = mujoco.mjtOrientation.mjORIENTATION_QUAT
        body.quat = (0.5**0.5, 0.5**0.5, 0.0, 0.0)
    for name, joint_range in zip(JOINTS, JOINT_RANGE_RAD, strict=True):
        joint = spec.joint(name)
        joint.range = joint_range
        # Rotor inertia seen at the joint; friction of the gears: about 1 Nm at 0.2 rad/s, as identified on real arms.
        joint.armature, joint.damping = 0.1, (5.0, 0.0, 0.0)
    for name in FINGERS:
        joint = spec.joint(name)
        joint.armature, joint.damping = 0.2, (10.0, 0.0, 0.0)
    for site in list(spec.sites):
        spec.delete(site)
    spec.body(HAND).add_site(
        name=TCP, pos=(0, 0, FLANGE_M + FLANGE_TO_TCP_M), quat=HAND_QUAT_WXYZ, size=(0.002,) * 3, group=4
    )


def _set_links(spec: Any, visual: Visual) -> None:
    for mesh in spec.meshes:
        mesh.scale = (1.0, 1.0, 1.0)
        mesh.inertia = mujoco.mjtMeshInertia.mjMESH_INERTIA_CONVEX
    drawn = "_col" if visual == "fast" else "_viz"
    for geom in list(spec.geoms):
        if geom.type != mujoco.mjtGeom.mjGEOM_MESH:
            spec.delete(geom)
            continue
        is_drawn = geom.meshname.endswith(drawn) or geom.meshname.startswith("finger")
        geom.group = 0 if is_drawn else 3
        geom.contype = geom.conaffinity = 0
        geom.rgba = _DARK if geom.meshname.startswith("finger") else _WHITE


def _set_hand(spec: Any) -> None:
    hand = spec.body(HAND)
    hand.add_geom(
        type=mujoco.mjtGeom.mjGEOM_BOX,
        size=(0.02, 0.1, 0.033),
        pos=(0, 0, FLANGE_M + 0.033),
        quat=HAND_QUAT_WXYZ,
        mass=0.0,
        group=3,
        **HAND_COLLIDES,
    )
    for name, side in ((FINGER_BODIES[0], 1.0), (FINGER_BODIES[1], -1.0)):
        finger = spec.body(name)
        finger.add_geom(
            type=mujoco.mjtGeom.mjGEOM_BOX,
            size=(0.0095, 0.0045, 0.0095),
            pos=(0, side * 0.0045, 0.0445),
            mass=0.0,
            group=3,
            **HAND_COLLIDES,
            condim=4,
            friction=(1.5, 0.02, 0.0001),
            solref=(0.01, 1.0),
            priority=1,
        )
        finger.add_geom(
            type=mujoco.mjtGeom.mjGEOM_BOX,
            size=(0.0095, 0.008, 0.0165),
            pos=(0, side * 0.012, 0.0185),
            mass=0.0,
            group=3,
            **HAND_COLLIDES,
        )
