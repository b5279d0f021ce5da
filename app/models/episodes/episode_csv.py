"""Episodes as CSV: units in the header, every number exactly, an empty cell for what was not measured."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np

from irevla.app.graph.records import EpisodeDetail, EpisodeInfo
from irevla.app.models.episodes.episode_curves import COMPONENTS
from irevla.config.errors import UserError

STEP_COLUMNS = (
    *("step", "stamp_ns", "x_m", "y_m", "z_m", "rx_rad", "ry_rad", "rz_rad", "gripper_m"),
    *(f"action_{name}" for name in COMPONENTS),
    *("q_value", "log_prob", "source", "intervention", "limited"),
)
EPISODE_FIELDS = tuple(field.name for field in fields(EpisodeInfo) if field.name != "thumbnail")
UNITS = {"created": "created_s"}  # a field's column, where it has another name

Cell = str | int | float | bool


def steps_csv(detail: EpisodeDetail) -> str:
    """Return an episode's numbers, a line a step; units of states and actions as in policies/base.py."""
    steps = [
        (
            row,
            int(detail.stamps_ns[row]),
            *detail.states[row],
            *detail.actions[row],
            detail.q_values[row],
            detail.log_probs[row],
            int(detail.sources[row]),
            int(detail.interventions[row]),
            int(detail.limited[row]),
        )
        for row in range(len(detail.stamps_ns))
    ]
    return _csv(STEP_COLUMNS, steps)


def episodes_csv(episodes: Iterable[EpisodeInfo]) -> str:
    """Return what the store knows of each episode, a line each; ``created_s`` is seconds since 1970."""
    head = [UNITS.get(name, name) for name in EPISODE_FIELDS]
    return _csv(head, ([getattr(info, name) for name in EPISODE_FIELDS] for info in episodes))


def write_csv(path: Path, text: str) -> None:
    """Write a file whole or not at all; raises UserError with the reason."""
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="")
        part.replace(path)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror or error}; choose another place") from error


def _csv(head: Sequence[str], lines: Iterable[Iterable[Cell | np.float32]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([_cell(value) for value in line] for line in lines)
    return text.getvalue()


def _cell(value: Cell | np.float32) -> str:
    """Return the shortest text that reads back as the same number of the same width."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float | np.float32):
        return "" if np.isnan(value) else str(value)
    return str(value)
