"""What the arm did in a made-up episode: a reach, a grasp, a lift; a failure grasps beside the object."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from irevla.app.graph.facts import Source
from irevla.app.graph.fake.episodes import STEP_S
from irevla.app.graph.records import EpisodeDetail, EpisodeInfo, Floats, LabelChange
from irevla.config.tasks import task

HOME_M = (0.45, 0.0, 0.30)
OPEN_M, CLOSED_M = 0.08, 0.022
ACTION_M = 0.04  # tool motion of one step at |action| = 1
LIMIT_SPEED = 8
CAMERAS = ("front", "wrist")


@dataclass(frozen=True, eq=False)
class Motion:
    """States and actions of T steps, and the object: it lies at ``object_m`` until row ``held_from``."""

    states: Floats  # (T, 7)
    actions: Floats  # (T, 7)
    object_m: tuple[float, float]
    held_from: int  # T when it is never held


def make_motion(info: EpisodeInfo) -> Motion:
    """Return the motion of an episode, always the same."""
    draw = np.random.default_rng([info.seed, info.steps, round(info.created) % 2**31])
    object_m = (float(draw.uniform(0.42, 0.60)), float(draw.uniform(-0.16, 0.16)))
    steps = info.steps
    is_success = info.terminated
    missed = np.zeros(2) if is_success else draw.uniform(0.03, 0.06, 2) * draw.choice([-1, 1], 2)
    x, y = np.asarray(object_m) + missed
    path_m = np.array([HOME_M, (x, y, 0.14), (x, y, 0.03), (x, y, 0.03), (x, y, 0.20)])
    at = np.array([0.0, 0.42, 0.66, 0.76, 1.0]) * (steps - 1)
    rows = np.arange(steps)
    positions_m = np.stack([np.interp(rows, at, path_m[:, axis]) for axis in range(3)], axis=1)
    positions_m[1:] += draw.normal(0.0, 0.0015, (steps - 1, 3))
    held_from = int(0.72 * steps)
    width_m = np.where(rows < held_from, OPEN_M, CLOSED_M if is_success else 0.001)
    turn_rad = 0.12 * np.sin(rows[:, None] / 9.0 + draw.uniform(0, 6, 3))
    states = np.concatenate([positions_m, turn_rad, width_m[:, None]], axis=1).astype(np.float32)
    moves = np.diff(states[:, :6], axis=0, append=states[-1:, :6]) / ACTION_M
    grip = np.where(rows < held_from, 1.0, -1.0)[:, None]
    actions = np.clip(np.concatenate([moves, grip], axis=1), -1.0, 1.0).astype(np.float32)
    is_carried = is_success and task(info.task).scene in ("pick", "place")
    return Motion(states, actions, object_m, held_from if is_carried else steps)


def make_detail(info: EpisodeInfo, motion: Motion, labels: tuple[LabelChange, ...]) -> EpisodeDetail:
    """Return what GetEpisode answers."""
    steps = info.steps
    draw = np.random.default_rng([info.seed, steps])
    rows = np.arange(steps)
    interventions = np.zeros(steps, np.bool_)
    first = int(0.45 * steps)
    interventions[first : first + info.intervention_steps] = True
    driver = Source.TELEOP if info.mode == "teleop" else Source.POLICY
    sources = np.where(interventions, Source.TELEOP, driver).astype(np.uint8)
    is_policy = sources == Source.POLICY
    return EpisodeDetail(
        episode=info,
        labels=labels,
        cameras=CAMERAS if info.has_images else (),
        stamps_ns=(round((info.created + info.reset_s) * 1e9) + rows * round(STEP_S * 1e9)).astype(np.int64),
        states=motion.states,
        actions=motion.actions,
        q_values=_q_values(info.q_last, steps, draw),
        log_probs=np.where(is_policy, draw.normal(4.0, 0.8, steps), 0.0).astype(np.float32),
        sources=sources,
        interventions=interventions,
        limited=np.where(draw.random(steps) < 0.04, LIMIT_SPEED, 0).astype(np.uint32),
    )


def _q_values(q_last: float, steps: int, draw: np.random.Generator) -> NDArray[np.float32]:
    if math.isnan(q_last):
        return np.full(steps, np.nan, np.float32)
    ramp = 1 / (1 + np.exp(-np.linspace(-5.0, 5.0, steps)))
    noise = np.linspace(1.0, 0.0, steps) * draw.normal(0.0, 0.025, steps)
    return np.clip(0.42 + (q_last - 0.42) * ramp + noise, 0.0, 1.0).astype(np.float32)
