"""One camera of one model, drawn into memory: an OpenGL context and what MuJoCo keeps in it."""

from __future__ import annotations

import os
import sys
import weakref
from importlib import import_module
from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from irevla.config.errors import DeviceError

_PLATFORMS = ("osmesa", "egl", "glfw", "cgl")


class Offscreen:
    """Owns an OpenGL context; MUJOCO_GL chooses the platform; unset, OSMesa needs neither display nor GPU."""

    def __init__(self, model: Any, camera: str, width_px: int, height_px: int, *, effects: bool = False) -> None:
        """Raise DeviceError when there is no OpenGL; ``effects`` draws shadows and reflections."""
        self._gl = _context(width_px, height_px)
        self._gl.make_current()
        self._model = model
        self._mjr = mujoco.MjrContext(model, mujoco.mjtFontScale.mjFONTSCALE_100.value)
        self._free = weakref.finalize(self, _free, self._gl, self._mjr)
        mujoco.mjr_setBuffer(mujoco.mjtFramebuffer.mjFB_OFFSCREEN.value, self._mjr)
        self._scene = mujoco.MjvScene(model, maxgeom=2 * model.ngeom + 20)
        for flag in (mujoco.mjtRndFlag.mjRND_SHADOW, mujoco.mjtRndFlag.mjRND_REFLECTION):
            self._scene.flags[flag] = effects
        self._option = mujoco.MjvOption()
        self._camera = mujoco.MjvCamera()
        self._camera.type = mujoco.mjtCamera.mjCAMERA_FIXED
        self._camera.fixedcamid = model.camera(camera).id
        self._rectangle = mujoco.MjrRect(0, 0, width_px, height_px)
        self._pixels = np.empty((height_px, width_px, 3), dtype=np.uint8)

    def draw(self, data: Any) -> NDArray[np.uint8]:
        """Return a new picture ``(H, W, 3)`` RGB; needs kinematics, camera and light positions up to date."""
        self._gl.make_current()
        everything = mujoco.mjtCatBit.mjCAT_ALL.value
        mujoco.mjv_updateScene(self._model, data, self._option, None, self._camera, everything, self._scene)
        mujoco.mjr_render(self._rectangle, self._scene, self._mjr)
        mujoco.mjr_readPixels(self._pixels, None, self._rectangle, self._mjr)
        return self._pixels[::-1].copy()  # OpenGL's first row is the lowest

    def close(self) -> None:
        """Free the context; it cannot draw any more. Also done when nobody refers to it, and at exit."""
        self._free()


def _free(gl: Any, mjr: Any) -> None:
    # MuJoCo deletes its objects by number in whatever context is current: in another one they are somebody else's.
    gl.make_current()
    mjr.free()
    gl.free()


def _context(width_px: int, height_px: int) -> Any:
    # MuJoCo's C library reads the variable too, when the first context is made.
    platform = os.environ.setdefault("MUJOCO_GL", "cgl" if sys.platform == "darwin" else "osmesa")
    # Mesa's rasteriser threads save nothing at this size, and fight with other lanes for the cores.
    os.environ.setdefault("LP_NUM_THREADS", "0")
    if platform not in _PLATFORMS:
        raise DeviceError(f"MUJOCO_GL is {platform!r}, expected one of {', '.join(_PLATFORMS)}")
    try:
        return import_module(f"mujoco.{platform}").GLContext(width_px, height_px)
    except (ImportError, AttributeError, OSError, RuntimeError, TypeError) as error:
        raise DeviceError(
            f"no OpenGL through {platform!r} ({error}); install libosmesa6 (Debian, Ubuntu: apt install libosmesa6) "
            "or set MUJOCO_GL=egl"
        ) from None
