"""Three made-up working days: demonstrations, a zero-shot trial, reinforcement learning, an evaluation."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from irevla.app.graph.fake.lineage import PROMOTED, model_hash
from irevla.app.graph.records import EpisodeInfo, LabelChange
from irevla.config.tasks import task

MODEL_A = model_hash(1)  # stage 0
MODEL_B = model_hash(PROMOTED)  # the promoted one
MAX_STEPS = 60
STEP_S = 0.1
HOUR_S = 3600.0


@dataclass(frozen=True)
class Row:
    """Some episodes one after the other; the chance of success goes from the first to the second number."""

    hours_ago: float  # of its beginning
    task: str
    kind: str
    mode: str
    who: str
    count: int
    success: tuple[float, float]
    model_hash: str = ""
    has_critic: bool = False


DAYS = (
    Row(51.5, "pick_red_block", "demo", "teleop", "anna", 25, (0.92, 1.0)),
    Row(50.2, "pick_green_block", "demo", "teleop", "anna", 25, (0.96, 1.0)),
    Row(48.6, "open_drawer", "demo", "teleop", "ben", 25, (0.85, 0.95)),
    Row(46.9, "press_button", "demo", "teleop", "ben", 20, (1.0, 1.0)),
    Row(45.0, "pick_red_block", "eval", "policy", "auto", 10, (0.7, 0.7), MODEL_A),
    Row(28.4, "pick_eggplant", "zero_shot", "policy", "ben", 36, (0.6, 0.6), MODEL_A),
    Row(26.1, "pick_eggplant", "rl", "policy", "ben", 55, (0.45, 0.92), MODEL_A, has_critic=True),
    Row(5.2, "pick_eggplant", "eval", "policy", "auto", 10, (0.9, 0.9), MODEL_B, has_critic=True),
    Row(4.3, "pick_carrot", "zero_shot", "policy", "anna", 20, (0.6, 0.6), MODEL_B),
    Row(1.7, "pick_carrot", "rl", "policy", "anna", 14, (0.5, 0.7), MODEL_B, has_critic=True),
)
DISAGREES = 0.14  # how often the critic of a made-up rig errs
UNLABELLED = 3  # of the newest episodes


def disagreement(label: str, q_last: float) -> float:
    """Return how far label and critic are apart, as EpisodeInfo.msg says; NaN when either is missing."""
    return {"success": abs(1.0 - q_last), "failure": q_last}.get(label, math.nan)


def make_episodes(seed: int, wall_s: float) -> list[EpisodeInfo]:
    """Return the episodes until ``wall_s`` (seconds since 1970), oldest first."""
    made = [episode for row in DAYS for episode in _row(row, seed, wall_s)]
    newest = [replace(info, label="", label_by="", label_delay_s=math.nan) for info in made[-UNLABELLED:]]
    made[-UNLABELLED:] = [replace(info, disagreement=math.nan) for info in newest]
    made[118] = _broken(made[118], "aborted", "the arm's reflex stopped the episode at step 9")
    made[163] = _broken(made[163], "damaged", "the file's checksum is wrong after 12 steps; the rest cannot be read")
    return made


def first_label(info: EpisodeInfo) -> tuple[LabelChange, ...]:
    """Return the label log of an episode that was labelled once, if it was."""
    if not info.label:
        return ()
    stamp = info.created + info.reset_s + info.run_s + info.label_delay_s
    return (LabelChange("", info.label, info.label_by, stamp, info.label_delay_s),)


def _row(row: Row, seed: int, wall_s: float) -> Iterator[EpisodeInfo]:
    created = wall_s - row.hours_ago * HOUR_S
    for number in range(row.count):
        draw = np.random.default_rng([seed, DAYS.index(row), number])
        info = _episode(row, number, created, draw)
        yield info
        created += info.reset_s + info.run_s + float(np.nan_to_num(info.label_delay_s)) + draw.uniform(4, 40)


def _episode(row: Row, number: int, created: float, draw: np.random.Generator) -> EpisodeInfo:
    progress = number / max(1, row.count - 1)
    start, end = row.success
    is_success = bool(draw.random() < start + (end - start) * progress)
    label = "success" if is_success else "failure"
    if row.kind == "demo" and not is_success:
        label = "discard"
    steps = int(draw.integers(24, 46)) if is_success else MAX_STEPS
    is_helped = row.mode == "policy" and row.kind == "rl" and draw.random() < 0.45 * (1 - progress)
    agrees = is_success != (draw.random() < DISAGREES)
    q_last = float(draw.uniform(0.72, 0.97) if agrees else draw.uniform(0.05, 0.3)) if row.has_critic else math.nan
    name = time.strftime("%Y%m%d-%H%M%S", time.localtime(created))
    episode_id = f"{name}-{row.task}-{number}-{int(draw.integers(1 << 24)):06x}"
    return EpisodeInfo(
        episode_id=episode_id,
        task=row.task,
        instruction=task(row.task).instruction,
        kind=row.kind,
        mode=row.mode,
        state="closed",
        label=label,
        label_by=row.who,
        reason="",
        path=f"/data/irevla/store/episodes/{episode_id}.mcap",
        model_hash=row.model_hash,
        weights_version=number * 40 if row.kind == "rl" else 0,
        seed=number,
        created=created,
        steps=steps,
        intervention_steps=int(draw.integers(4, 16)) if is_helped else 0,
        explore=row.kind == "rl",
        terminated=is_success,
        truncated=not is_success,
        has_images=row.task != "press_button" or number < 8,
        reset_s=float(draw.uniform(4.0, 11.0)),
        run_s=steps * STEP_S,
        label_delay_s=float(min(90.0, 0.6 + draw.exponential(2.5))) if row.who != "auto" else 0.0,
        q_last=q_last,
        disagreement=disagreement(label, q_last),
        thumbnail=b"",
    )


def _broken(info: EpisodeInfo, state: str, reason: str) -> EpisodeInfo:
    return replace(
        info, state=state, reason=reason, label="", label_by="", label_delay_s=math.nan, disagreement=math.nan
    )
