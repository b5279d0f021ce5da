"""Which scenes there are."""

from __future__ import annotations

from collections.abc import Callable

from irevla.config.errors import UnknownNameError
from irevla.config.tasks import Task
from irevla_nodes.sim.scenes.button import Button
from irevla_nodes.sim.scenes.cable import Cable
from irevla_nodes.sim.scenes.drawer import Drawer
from irevla_nodes.sim.scenes.pick import Pick
from irevla_nodes.sim.scenes.place import Place
from irevla_nodes.sim.scenes.scene import Scene

SCENES: dict[str, Callable[[str], Scene]] = {
    "pick": Pick,
    "place": Place,
    "button": Button,
    "drawer": Drawer,
    "cable": Cable,
}


def scene_of(task: Task) -> Scene:
    """Return the scene of a task; raises UnknownNameError for a scene or variant that does not exist."""
    if task.scene not in SCENES:
        raise UnknownNameError("scene", task.scene, SCENES)
    return SCENES[task.scene](task.variant)
