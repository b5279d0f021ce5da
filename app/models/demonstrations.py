"""How many demonstrations there are of each task, and what they are steered with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from irevla.app.graph.facts import EpisodeClosed, Teleop
from irevla.app.models.episode_desk import LABELS, Controls, Flash

SILENT_S = 1.5  # the teleop node speaks at 5 Hz
NOT_HEARD = "the teleop node is not heard: only a running graph can be steered"


@dataclass(frozen=True)
class TaskCount:
    """One row; None: not counted yet. ``sitting``: good ones since the window was opened."""

    task: str
    success: int | None = None
    failure: int | None = None
    discard: int | None = None
    sitting: int = 0
    target: int = 0


@dataclass(frozen=True)
class Steering:
    """What steers; axes (6,) in [-1, 1]."""

    devices: str = ""  # a line each
    axes: tuple[float, ...] = (0.0,) * 6
    is_open: bool = True
    detail: str = NOT_HEARD


@dataclass(frozen=True)
class DemonstrationsState:
    """The page."""

    counts: tuple[TaskCount, ...]
    chosen: str  # task
    target: int
    situation: str
    hint: str
    controls: Controls
    can_redo: bool
    flash: Flash | None
    steering: Steering
    trouble: str  # why the store was not counted


def steering(teleop: Teleop | None, now_s: float) -> Steering:
    """Return what steers as of now; what was heard long ago steers nothing."""
    if teleop is None or now_s - teleop.received_s > SILENT_S:
        return Steering()
    return Steering(
        devices="\n".join(_device_words(device, teleop) for device in teleop.devices) or "no device is plugged in",
        axes=tuple(round(axis, 2) for axis in teleop.axes),  # no repaint for a sensor's noise
        is_open=teleop.gripper_open,
        detail=teleop.detail,
    )


def _device_words(device: str, teleop: Teleop) -> str:
    """``device`` reads "kind: name"."""
    steers = teleop.takes_over and device.partition(":")[0] == teleop.active
    return f"{device} (steers)" if steers else device


@dataclass
class Tally:
    """The store's totals of each task, and what this sitting has added."""

    tasks: Sequence[str]
    target: int
    _counts: dict[str, TaskCount] = field(init=False)
    _sitting: dict[str, tuple[str, str]] = field(init=False, default_factory=dict)  # episode -> task, label

    def __post_init__(self) -> None:
        self._counts = {task: TaskCount(task, target=self.target) for task in self.tasks}

    def close(self, episode: EpisodeClosed) -> bool:
        """Note a label; returns whether the task's totals have changed."""
        if episode.kind != "demo" or episode.task not in self._counts:
            return False
        self._sitting[episode.episode_id] = (episode.task, episode.label)
        return True

    def set_total(self, task: str, label: str, total: int) -> None:
        """Note how many episodes of a task have a label, one of LABELS."""
        if label not in LABELS:
            raise ValueError(f"expected one of {', '.join(LABELS)}, got {label!r}")
        counts: dict[str, Any] = {label: total}
        self._counts[task] = replace(self._counts[task], **counts)

    def set_target(self, task: str, target: int) -> None:
        """Have another number of demonstrations to reach."""
        self._counts[task] = replace(self._counts[task], target=target)

    def target_of(self, task: str) -> int:
        """Return the number of demonstrations to reach."""
        return self._counts[task].target

    def rows(self) -> tuple[TaskCount, ...]:
        """Return every task's counts."""
        good = Counter(task for task, label in self._sitting.values() if label == "success")
        return tuple(replace(count, sitting=good[count.task]) for count in self._counts.values())
