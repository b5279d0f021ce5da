"""The keys that somebody holds in a window of another process, as a device."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from irevla.config.teleop.settings import TeleopSettings
from irevla_nodes.teleop.reading import NO_MOTION, Axes, Kind, Reading, shaped


@dataclass(frozen=True)
class Word:
    """What one window said last."""

    heard_s: float
    axes: Axes
    is_held: bool
    gripper_presses: int


class Window:
    """The windows of several people are one device; whoever holds a key steers, the one heard last of several."""

    kind: Kind = "window"

    def __init__(self, settings: TeleopSettings) -> None:
        self._settings = settings
        self._words: dict[str, Word] = {}
        self._presses = 0

    def configure(self, settings: TeleopSettings) -> None:
        """Use another speed from the next message on."""
        self._settings = settings

    def hear(self, who: str, axes: Sequence[float], takes_over: bool, gripper_presses: int, now_s: float) -> None:
        """Take one TeleopInput: ``axes`` (6,) in [-1, 1] before the scale."""
        self._forget(now_s)
        motion = shaped(axes, 0.0, self._settings.key_speed)
        before = self._words.get(who)
        # What was pressed in silence, or in a window that started again, is no press now.
        self._presses += max(gripper_presses - before.gripper_presses, 0) if before is not None else 0
        self._words[who] = Word(now_s, motion, takes_over or motion != NO_MOTION, gripper_presses)

    def reading(self, now_s: float) -> Reading | None:
        """Return what is held; None after ``hold_key_s`` of silence."""
        self._forget(now_s)
        if not self._words:
            return None
        steers = max(self._words.values(), key=lambda word: (word.is_held, word.heard_s))
        return Reading(steers.axes, steers.is_held, self._presses)

    def _forget(self, now_s: float) -> None:
        hold_s = self._settings.hold_key_s
        self._words = {who: word for who, word in self._words.items() if 0.0 <= now_s - word.heard_s <= hold_s}
