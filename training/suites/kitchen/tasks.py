"""The kitchen's tasks: five with scripted experts, three to learn online, seven that no training sees."""

from __future__ import annotations

from irevla.training.suites.kitchen.scene import KitchenScene
from irevla.training.suites.suite import Suite, by_name
from irevla.training.suites.task import Kind, SuiteTask, Variation

_BASES = {
    "knob-on": ("bottom burner", "turn the burner on"),
    "light-on": ("light switch", "switch the light on"),
    "microwave-open": ("microwave", "open the microwave"),
    "slide-door-open": ("slide cabinet", "slide the cabinet door open"),
    "left-door-open": ("hinge cabinet", "open the door of the left cabinet"),
}
"""What is operated, and what the VLA is told; a varied task is told the same as the known one."""

_RED, _YELLOW, _GREEN = (0.75, 0.1, 0.1, 1.0), (0.9, 0.75, 0.1, 1.0), (0.15, 0.5, 0.2, 1.0)
_BROWN, _DARK_RED, _BLACK = (0.42, 0.26, 0.14, 1.0), (0.35, 0.1, 0.1, 1.0), (0.08, 0.08, 0.08, 1.0)


def _task(name: str, kind: Kind, known: str, variation: Variation) -> SuiteTask:
    base, instruction = _BASES[known]
    return SuiteTask(name, kind, base, instruction, variation)


_EXPERT = [_task(name, "expert", name, Variation()) for name in _BASES]

_SLIDE_RED = Variation(colors={"slide_door": _RED}, shift_m=(0.0, 0.1, -0.06))
_LEFT_DOOR_NEW = Variation(colors={"left_door": _BROWN}, shift_m=(0.02, -0.03, -0.03))
_MICROWAVE_NEW = Variation(
    colors={"microwave_door": _DARK_RED}, stretch={"microdoorroot": (1.0, 1.0, 0.85)}, shift_m=(0.08, -0.06, 0.0)
)
_RL = [
    _task("slide-door-open-red", "rl", "slide-door-open", _SLIDE_RED),
    _task("left-door-open-new", "rl", "left-door-open", _LEFT_DOOR_NEW),
    _task("microwave-open-new", "rl", "microwave-open", _MICROWAVE_NEW),
]

_SLIDE_YELLOW = Variation(colors={"slide_door": _YELLOW}, shift_m=(0.03, 0.0, -0.03))
_SLIDE_FAR = Variation(colors={"slide_handle": _BLACK}, shift_m=(0.1, 0.0, -0.02))
_LEFT_DOOR_YELLOW = Variation(colors={"left_door": _YELLOW}, shift_m=(0.03, 0.0, -0.04))
_MICROWAVE_RED = Variation(colors={"microwave_door": _RED}, shift_m=(0.03, -0.02, 0.0))
_SWITCH_GREEN = Variation(colors={"switch": _GREEN}, shift_m=(0.05, 0.0, -0.04))
_KNOB_YELLOW = Variation(colors={"knob": _YELLOW}, shift_m=(-0.04, 0.0, 0.05))
_UNSEEN = [
    _task("slide-door-open-yellow", "unseen", "slide-door-open", _SLIDE_YELLOW),
    _task("slide-door-open-far", "unseen", "slide-door-open", _SLIDE_FAR),
    _task("left-door-open-yellow", "unseen", "left-door-open", _LEFT_DOOR_YELLOW),
    _task("microwave-open-red", "unseen", "microwave-open", _MICROWAVE_RED),
    _task("light-on-green", "unseen", "light-on", _SWITCH_GREEN),
    _task("knob-on-yellow", "unseen", "knob-on", _KNOB_YELLOW),
    _task("knob-on-right", "unseen", "knob-on", Variation(shift_m=(0.08, 0.0, 0.0))),
]

KITCHEN = Suite("kitchen", by_name(*_EXPERT, *_RL, *_UNSEEN), KitchenScene)
