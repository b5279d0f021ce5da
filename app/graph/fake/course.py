"""How one made-up episode goes, all of it drawn from its seed before it begins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float, float]
HOME_M: Point = (0.45, 0.0, 0.32)
OPEN_M, CLOSED_M = 0.08, 0.042
BLOCK_M = 0.045  # edge
BUTTON_M: Point = (0.56, -0.17, 0.03)
LIMIT_WORKSPACE, LIMIT_STEP, LIMIT_SPEED = 1, 4, 8
GRIP_AT = 0.62  # share of the episode


@dataclass(frozen=True, eq=False)
class Course:
    """An episode of T steps."""

    succeeds: bool
    steps: int
    path_m: NDArray[np.float64]  # (T + 1, 3) of the tool
    width_m: NDArray[np.float64]  # (T + 1,) of the gripper
    block_m: NDArray[np.float64]  # (T + 1, 3)
    q: NDArray[np.float64]  # (T,)
    log_prob: NDArray[np.float64]  # (T,)
    person: range  # steps in which a person has taken over
    limited: NDArray[np.int64]  # (T,)


def block_start(seed: int) -> Point:
    """Return where the block stands before an episode with this seed."""
    draw = np.random.default_rng([seed, 1])
    return float(draw.uniform(0.46, 0.62)), float(draw.uniform(-0.08, 0.2)), BLOCK_M / 2


def make_course(task: str, seed: int, max_steps: int) -> Course:
    """Return the episode of a policy that manages seven of ten."""
    draw = np.random.default_rng([seed, 2])
    succeeds = bool(draw.random() < 0.7)
    steps = min(max_steps, int(draw.integers(32, 48))) if succeeds else max_steps
    block = np.array(block_start(seed))
    presses = "button" in task
    goal = np.array(BUTTON_M) if presses else block
    miss = np.zeros(3) if succeeds else np.array([0.01, 0.055 * draw.choice([-1.0, 1.0]), 0.0])
    path = _path(goal + miss, 0.036 if presses else 0.024, steps, draw)
    share = np.linspace(0.0, 1.0, steps + 1)
    is_gripped = (share > GRIP_AT) & (not presses)
    begin = int(draw.integers(steps // 3, steps // 2 + 1)) if draw.random() < 0.4 else steps
    has_block = is_gripped[:, None] & np.array(succeeds)
    held = path - np.array([0.0, 0.0, 0.006])
    return Course(
        succeeds=succeeds,
        steps=steps,
        path_m=path,
        width_m=np.where(is_gripped, CLOSED_M if succeeds else 0.004, OPEN_M),
        block_m=np.where(has_block, held, block),
        q=_q(succeeds, share[:-1], draw),
        log_prob=-(3.1 - 2.2 * share[:-1] + 0.7 * draw.standard_normal(steps)),
        person=range(begin, min(steps, begin + 8)),
        limited=_limited(path, draw),
    )


def _path(goal: NDArray[np.float64], low_m: float, steps: int, draw: np.random.Generator) -> NDArray[np.float64]:
    above = np.array([goal[0], goal[1], 0.16])
    down = np.array([goal[0], goal[1], low_m])
    lifted = np.array([goal[0], goal[1], 0.24])
    corners = np.array([HOME_M, above, down, down, lifted])
    share = np.linspace(0.0, 1.0, steps + 1)
    path = np.stack([np.interp(share, (0.0, 0.35, 0.52, 0.68, 1.0), corners[:, axis]) for axis in range(3)], axis=1)
    sway = np.cumsum(draw.normal(0.0, 0.0012, path.shape), axis=0) * np.clip(1.0 - share / 0.5, 0.0, 1.0)[:, None]
    smooth = np.ones(5) / 5
    padded = np.pad(path + sway, ((2, 2), (0, 0)), mode="edge")
    return np.stack([np.convolve(padded[:, axis], smooth, mode="valid") for axis in range(3)], axis=1)


def _limited(path: NDArray[np.float64], draw: np.random.Generator) -> NDArray[np.int64]:
    """Return now and then a step too large or too fast, and the floor where the tool is low."""
    steps = len(path) - 1
    limited = draw.choice([LIMIT_STEP, LIMIT_SPEED], steps)
    limited[draw.random(steps) > 0.06] = 0
    limited[path[:-1, 2] < 0.026] |= LIMIT_WORKSPACE
    return limited


def _q(succeeds: bool, share: NDArray[np.float64], draw: np.random.Generator) -> NDArray[np.float64]:
    """Return a critic that grows sure of a success, and loses hope where the grip was missed."""
    rise = 0.32 + 0.6 / (1.0 + np.exp(-12.0 * (share - 0.5)))
    curve = rise if succeeds else rise - 0.75 / (1.0 + np.exp(-16.0 * (share - 0.68)))
    noise = np.convolve(draw.normal(0.0, 0.04, len(share) + 3), np.ones(4) / 2, mode="valid")
    return np.clip(curve + noise, 0.0, 1.0)
