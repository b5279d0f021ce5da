"""The keys that move the arm, the same in a terminal and in a window."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

# Seen from behind the arm, base frame: component of the action and its sign.
MOTION_KEYS = MappingProxyType(
    {
        "w": (0, 1.0),
        "s": (0, -1.0),
        "a": (1, 1.0),
        "d": (1, -1.0),
        "r": (2, 1.0),
        "f": (2, -1.0),
        "u": (3, 1.0),
        "o": (3, -1.0),
        "i": (4, 1.0),
        "k": (4, -1.0),
        "j": (5, 1.0),
        "l": (5, -1.0),
    }
)
GRIPPER_KEY = " "
HELP = "w/s x, a/d y, r/f z, u/o i/k j/l turn about x y z, space opens and closes the gripper"


def axes_of(keys: Iterable[str]) -> tuple[float, ...]:
    """Return dx dy dz and the rotation vector (6,) of the keys that are held, each -1, 0 or 1; opposite ones cancel."""
    axes = [0.0] * 6
    for key in keys:
        if key in MOTION_KEYS:
            component, sign = MOTION_KEYS[key]
            axes[component] += sign
    return tuple(axes)
