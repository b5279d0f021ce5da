"""One thing that happened in a shift, and its line in the shift's file."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from typing import Literal, get_args

Kind = Literal["opened", "mark", "phase", "label", "hold", "silent"]
LATEST_S = 4e9  # a stamp after the year 2096 is damage
DEFAULTS: dict[str, object] = {
    "episode_id": "",
    "task": "",
    "mode": "",
    "episode_kind": "",
    "phase": 0,
    "label": "",
    "reason": "",
    "steps": 0,
    "teleop_steps": 0,
}


@dataclass(frozen=True, kw_only=True)
class ShiftEvent:
    """What changed, and when.

    opened: a window was opened; mark: it still is, and hears the graph; phase: the episode's state changed; label: an
    episode got a label; hold: the arm is held for ``reason``, "" no longer; silent: nodes ``reason``, "" none.
    """

    stamp_s: float  # since 1970
    kind: Kind
    episode_id: str = ""
    task: str = ""
    mode: str = ""
    episode_kind: str = ""  # "demo" | "zero_shot" | "rl" | "eval"
    phase: int = 0  # EpisodeState.state
    label: str = ""
    reason: str = ""
    steps: int = 0  # commands of the episode so far
    teleop_steps: int = 0  # those of them that a person gave


def to_line(event: ShiftEvent) -> str:
    """Return the event as one line of JSON, without what is at its default."""
    values = {key: value for key, value in asdict(event).items() if DEFAULTS.get(key) != value}
    return json.dumps(values, ensure_ascii=False) + "\n"


def from_line(line: str) -> ShiftEvent | None:
    """Return the event of a line; None for a line that is torn, damaged or of another program."""
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict) or values.get("kind") not in get_args(Kind):
        return None
    stamp = values.pop("stamp_s", None)
    kind: Kind = values.pop("kind")
    if type(stamp) not in (int, float) or not (math.isfinite(stamp) and 0 <= stamp <= LATEST_S):
        return None
    for key, value in values.items():
        if key not in DEFAULTS or type(value) is not type(DEFAULTS[key]):
            return None
    return ShiftEvent(stamp_s=float(stamp), kind=kind, **values)
