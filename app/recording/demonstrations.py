"""A row of demonstrations: where the session is, what was labelled how, and what the keys and buttons mean now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal, get_args

Phase = Literal["idle", "resetting", "ready", "running", "awaiting label", "saved"]
PHASES: tuple[Phase, ...] = get_args(Phase)
"""In the order of EpisodeState.state."""
Label = Literal["success", "failure", "discard"]
LABELS: tuple[Label, ...] = get_args(Label)
Command = Literal["success", "failure", "discard", "undo", "start", "stop", "done", "hold", "resume"]


@dataclass(frozen=True)
class SessionNow:
    """What `session/state` says."""

    phase: Phase = "idle"
    episode_id: str = ""
    task: str = ""
    mode: str = ""
    step: int = 0
    max_steps: int = 0
    detail: str = ""

    @property
    def is_under_way(self) -> bool:
        """Whether an episode has begun and not ended."""
        return self.phase in ("resetting", "ready", "running")

    @property
    def waits_for_objects(self) -> bool:
        """Whether a person must put the objects back and say so (session.reset: guided)."""
        return self.phase == "ready" and bool(self.detail)


class Demonstrations:
    """Counts labels by task; a relabel moves its episode, an undo takes it out."""

    def __init__(self) -> None:
        self._labels: dict[str, tuple[str, str]] = {}  # episode: task, label

    def closed(self, episode_id: str, task: str, label: str) -> None:
        """Take one `session/closed`; ``label`` is "" when it was taken back."""
        self._labels.pop(episode_id, None)
        if label:
            self._labels[episode_id] = (task, label)

    def count(self, task: str, label: Label) -> int:
        """Return how many episodes of the task have the label now."""
        return Counter(self._labels.values())[task, label]

    def label_of(self, episode_id: str) -> str:
        """Return an episode's label, "" for none."""
        return self._labels.get(episode_id, ("", ""))[1]

    @property
    def last(self) -> str:
        """The episode that was labelled last, "" before the first."""
        return next(reversed(self._labels), "")


def meanings(now: SessionNow) -> dict[Command, str]:
    """Return what may be commanded now, and what it does."""
    always: dict[Command, str] = {"hold": "hold the arm", "resume": "let it move again"}
    if now.phase in ("idle", "saved"):
        return {"start": "start the next episode", "undo": "take the last label back", **always}
    if now.waits_for_objects:
        return {"start": "the objects stand as they should", "stop": "stop", **always}
    if now.phase == "running":
        return {
            "success": "it succeeded",
            "failure": "it failed",
            "discard": "throw it away",
            "done": "end it, label it after",
            **always,
        }
    if now.phase == "awaiting label":
        return {"success": "it succeeded", "failure": "it failed", "discard": "throw it away", **always}
    return always
