"""What iRe-VLA is compared with: the same loop with parts exchanged or left out. Needs no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from irevla.config.errors import UnknownNameError


@dataclass(frozen=True)
class Method:
    """A way through Algorithm 1."""

    name: str
    start: Literal["stage0", "random"]
    """pi^0: the SFT policy, carried from task to task, or for each task anew weights that have seen nothing."""
    learner: Literal["none", "ppo", "sacfd"]
    """Stage 1; with ``none`` nothing is played online."""
    trains_vlm_in_rl: bool
    replay: Literal["none", "expert", "expert+online"]
    """Stage 2 learns from nothing (there is none), from D_e, or from D_e and D_RL."""
    trains_vlm_in_sl: bool


METHODS = {
    method.name: method
    for method in (
        Method("sft", "stage0", "none", False, "none", False),
        Method("sft-longer", "stage0", "none", False, "expert", True),
        Method("ppo-scratch", "random", "ppo", True, "none", False),
        Method("ppo-replay", "stage0", "ppo", True, "expert", True),
        Method("irevla", "stage0", "ppo", False, "expert+online", True),
        Method("irevla-freeze", "stage0", "ppo", False, "expert+online", False),
        Method("irevla-sacfd", "stage0", "sacfd", False, "expert+online", True),
    )
}

CONTROLS = ("sft-longer",)
COMPARED = tuple(name for name in METHODS if name not in CONTROLS)
"""What runs unless methods are named; a control is no method of the paper and runs only when it is named."""


def find_method(name: str) -> Method:
    """Return a method by its name; raises UnknownNameError."""
    if name not in METHODS:
        raise UnknownNameError("method", name, METHODS)
    return METHODS[name]
