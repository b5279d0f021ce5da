"""The keys of the node's own terminal as a device."""

from __future__ import annotations

from irevla.config.teleop.held_keys import HeldKeys, typed_keys
from irevla.config.teleop.settings import TeleopSettings
from irevla_nodes.teleop.reading import Kind, Reading, shaped


class Keyboard:
    """The keys of one person."""

    kind: Kind = "keyboard"

    def __init__(self, settings: TeleopSettings) -> None:
        self._settings = settings
        self._keys = HeldKeys(settings.hold_key_s)

    def configure(self, settings: TeleopSettings) -> None:
        """Use another speed from the next reading on."""
        self._settings = settings

    def type(self, text: str, now_s: float) -> None:
        """Take what was typed."""
        for key in typed_keys(text):
            self._keys.press(key, now_s)

    def restart(self) -> None:
        """Let go of every key."""
        self._keys.clear()

    def reading(self, now_s: float) -> Reading:
        """Return what the keys held now mean."""
        axes = shaped(self._keys.axes(now_s), 0.0, self._settings.key_speed)
        return Reading(axes, self._keys.is_any(now_s), self._keys.gripper_presses)
