"""The simulator's cameras: a picture from a task and `qpos` alone, in whatever process."""

from __future__ import annotations

import weakref
from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from irevla.config.errors import DeviceError, UnknownNameError
from irevla.config.tasks import Task, tasks
from irevla.training.suites.offscreen import Offscreen
from irevla_nodes.sim.mount import Mount, camera_mount
from irevla_nodes.sim.panda import Visual
from irevla_nodes.sim.world import CAMERAS, build_model

View = tuple[Any, Any, Offscreen]


class SimCamera:
    """Renders one camera of a task's model; a model and an OpenGL context are kept for each task it has seen."""

    def __init__(self, name: str, width_px: int, height_px: int, visual: Visual = "fast") -> None:
        """Raise UnknownNameError for a camera that the world has not."""
        if name not in CAMERAS:
            raise UnknownNameError("simulated camera", name, CAMERAS)
        self._name, self._width_px, self._height_px, self._visual = name, width_px, height_px, visual
        self._views: dict[str, View] = {}
        # Contexts must go before the interpreter does, whether or not the owner calls close.
        self._free = weakref.finalize(self, _close, self._views)

    def render(self, task: Task, qpos: NDArray[np.float64]) -> NDArray[np.uint8]:
        """Return the picture ``(H, W, 3)`` RGB.

        Raises DeviceError for a ``qpos`` of another model, after `close`, or where there is no OpenGL.
        """
        if not self._free.alive:
            raise DeviceError(f"the simulated camera {self._name} is closed; make a new one")
        if task.name not in self._views:
            model = build_model(task, self._visual)
            view = Offscreen(model, self._name, self._width_px, self._height_px)
            self._views[task.name] = (model, mujoco.MjData(model), view)
        model, data, view = self._views[task.name]
        if len(qpos) != model.nq:
            raise DeviceError(
                f"expected {model.nq} positions for the task {task.name}, got {len(qpos)}: the state of another model"
            )
        data.qpos[:] = qpos
        mujoco.mj_kinematics(model, data)
        mujoco.mj_camlight(model, data)
        return view.draw(data)

    def mount(self) -> Mount:
        """Return where the camera sits, which is the same in every task's model."""
        return camera_mount(build_model(next(iter(tasks().values())), self._visual), self._name)

    def close(self) -> None:
        """Free the OpenGL contexts."""
        self._free()


def _close(views: dict[str, View]) -> None:
    for _, _, view in views.values():
        view.close()
    views.clear()
