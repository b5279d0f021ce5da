"""The keys that somebody holds in a window of another process, as a device."""

from __future__ import annotations

from collections.abc import Sequence

from irevla.config.teleop import TeleopSettings
from irevla_nodes.teleop.reading import NO_MOTION, Kind, Reading, shaped


class Window:
    """What the window said last; after ``hold_key_s`` of silence nothing is held."""

    kind: Kind = "window"

    def __init__(self, settings: TeleopSettings) -> None:
        self._settings = settings
        self._heard_s: float | None = None
        self._reading = Reading()

    def configure(self, settings: TeleopSettings) -> None:
        """Use other settings from the next message on."""
        self._settings = settings

    def hear(self, axes: Sequence[float], takes_over: bool, gripper_presses: int, now_s: float) -> None:
        """Take one TeleopInput: ``axes`` (6,) in [-1, 1] before the scale."""
        motion = shaped(axes, 0.0, self._settings.key_speed)
        self._reading = Reading(motion, takes_over or motion != NO_MOTION, gripper_presses)
        self._heard_s = now_s

    def reading(self, now_s: float) -> Reading | None:
        """Return what the window holds down; None in silence."""
        is_heard = self._heard_s is not None and 0.0 <= now_s - self._heard_s <= self._settings.hold_key_s
        return self._reading if is_heard else None
