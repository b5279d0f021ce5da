"""MetaWorld's tasks: 25 with scripted experts, five to learn online, ten that no training sees."""

from __future__ import annotations

from irevla.training.suites.metaworld.scene import MetaworldScene
from irevla.training.suites.suite import Suite, by_name
from irevla.training.suites.task import Kind, SuiteTask, Variation

INSTRUCTIONS = {
    "button-press": "press the button",
    "button-press-topdown": "press the button from above",
    "button-press-topdown-wall": "press the button behind the wall from above",
    "button-press-wall": "press the button behind the wall",
    "coffee-button": "press the button of the coffee machine",
    "dial-turn": "turn the dial",
    "disassemble": "take the ring off the peg",
    "door-close": "close the door",
    "door-lock": "lock the door",
    "door-open": "open the door",
    "door-unlock": "unlock the door",
    "drawer-close": "close the drawer",
    "drawer-open": "open the drawer",
    "faucet-close": "close the faucet",
    "faucet-open": "open the faucet",
    "hammer": "hammer the nail in",
    "handle-press": "press the handle down",
    "handle-press-side": "press the handle down from the side",
    "handle-pull": "pull the handle up",
    "plate-slide": "slide the plate into the goal",
    "plate-slide-back-side": "slide the plate out of the goal sideways",
    "plate-slide-side": "slide the plate into the goal sideways",
    "stick-push": "push the bottle with the stick",
    "window-close": "close the window",
    "window-open": "open the window",
}
"""What the VLA is told; a varied task is told the same as the known one."""

_RED, _ORANGE, _YELLOW = (0.75, 0.12, 0.12, 1.0), (0.85, 0.45, 0.1, 1.0), (0.85, 0.75, 0.15, 1.0)
_GREEN, _BLUE, _PURPLE = (0.15, 0.55, 0.2, 1.0), (0.12, 0.25, 0.7, 1.0), (0.45, 0.2, 0.6, 1.0)
_BROWN, _DARK_BROWN = (0.42, 0.26, 0.14, 1.0), (0.28, 0.2, 0.14, 1.0)
_WHITE, _BLACK = (0.9, 0.9, 0.9, 1.0), (0.1, 0.1, 0.1, 1.0)


def _task(name: str, kind: Kind, base: str, variation: Variation) -> SuiteTask:
    return SuiteTask(name, kind, base, INSTRUCTIONS[base], variation)


_EXPERT = [_task(base, "expert", base, Variation()) for base in INSTRUCTIONS]

_WINDOW_NEW = Variation(
    colors={"window_red": _BLUE, "window_white": _YELLOW},
    stretch={"window": (1.0, 1.0, 0.75)},
    shift_m=(0.08, -0.04, 0.0),
)
_RL = [
    _task(
        "button-press-new",
        "rl",
        "button-press",
        Variation(
            colors={"btn_yellow": _BLUE, "btn_red": _WHITE},
            stretch={"box": (1.3, 1.0, 1.2)},
            shift_m=(0.12, -0.05, 0.0),
        ),
    ),
    _task(
        "drawer-open-new",
        "rl",
        "drawer-open",
        Variation(
            colors={"drawer_beige": _BROWN},
            stretch={"drawer": (1.25, 1.0, 1.0)},
            shift_m=(-0.1, -0.04, 0.0),
        ),
    ),
    _task(
        "door-open-new",
        "rl",
        "door-open",
        Variation(
            colors={"dl_metal2": _DARK_BROWN},
            stretch={"door": (1.0, 1.0, 0.75)},
            shift_m=(0.06, -0.04, -0.02),
        ),
    ),
    _task("window-open-new", "rl", "window-open", _WINDOW_NEW),
    _task("window-close-new", "rl", "window-close", _WINDOW_NEW),
]

_UNSEEN = [
    _task("button-press-green", "unseen", "button-press", Variation(colors={"btn_yellow": _GREEN, "btn_red": _BLACK})),
    _task("button-press-left", "unseen", "button-press", Variation(shift_m=(-0.12, 0.0, 0.0))),
    _task("drawer-open-purple", "unseen", "drawer-open", Variation(colors={"drawer_beige": _PURPLE})),
    _task("drawer-open-narrow", "unseen", "drawer-open", Variation(stretch={"drawer": (0.75, 1.0, 1.0)})),
    _task("door-open-white", "unseen", "door-open", Variation(colors={"dl_metal2": _WHITE, "dl_metal": _BLACK})),
    _task(
        "door-open-low", "unseen", "door-open", Variation(stretch={"door": (1.0, 1.0, 0.6)}, shift_m=(0.0, 0.0, -0.05))
    ),
    _task("window-open-green", "unseen", "window-open", Variation(colors={"window_red": _GREEN, "window_white": _RED})),
    _task(
        "window-open-tall",
        "unseen",
        "window-open",
        Variation(stretch={"window": (1.0, 1.0, 1.3)}, shift_m=(0.0, 0.0, 0.06)),
    ),
    _task(
        "window-close-orange",
        "unseen",
        "window-close",
        Variation(colors={"window_red": _ORANGE, "window_white": _BLACK}),
    ),
    _task("window-close-right", "unseen", "window-close", Variation(shift_m=(0.12, 0.0, 0.0))),
]

METAWORLD = Suite("metaworld", by_name(*_EXPERT, *_RL, *_UNSEEN), MetaworldScene)
