"""One kind of device that may come and go: found when plugged in, at rest when unplugged, never an exception."""

from __future__ import annotations

from collections.abc import Callable

from irevla.config.errors import DeviceError
from irevla.config.teleop.devices import GamepadSettings, SpaceMouseSettings, terms
from irevla_nodes.teleop.device import Controls, Device, Open
from irevla_nodes.teleop.reading import NO_MOTION, Axes, Kind, Reading, shaped

LOOK_S = 1.0  # between two looks for a device
WORDS: dict[Kind, str] = {"gamepad": "gamepad", "spacemouse": "SpaceMouse"}


class DeviceWatch:
    """Polled by one thread; `reading`, `name` and `detail` may be asked by any."""

    def __init__(
        self,
        kind: Kind,
        settings: GamepadSettings | SpaceMouseSettings,
        open_device: Open,
        on_command: Callable[[str, str], None],
        stale_s: float,
    ) -> None:
        """``on_command`` gets the device's name and the command of each button that is pressed, in the polling thread.

        ``stale_s``: a reading older than this means that nobody polls any more, so nothing is deflected.
        """
        self._kind = kind
        self._settings = settings
        self._open = open_device
        self._on_command = on_command
        self._stale_s = stale_s
        self._axes = [terms(text) for _, text in settings.axes]
        self._commands = {button: command for command, text in settings.buttons for button in text.split()}
        self._gripper = frozenset(settings.gripper.split())
        self._device: Device | None = None
        self._looked_s: float | None = None
        self._pressed: frozenset[str] | None = None  # at the last poll
        self._has_rested = False
        self._presses = 0
        self._now: tuple[float, Reading] | None = None
        self._detail = ""

    @property
    def kind(self) -> Kind:
        """Which kind of device it watches for."""
        return self._kind

    @property
    def name(self) -> str:
        """The device that is plugged in, as TeleopStatus.devices has it; "" when there is none."""
        device = self._device
        return f"{self._kind}: {device.name}" if device is not None else ""

    @property
    def detail(self) -> str:
        """What a person should know, in plain words; "" when all is well."""
        return self._detail

    def reading(self, now_s: float) -> Reading | None:
        """Return what is done with the device; None while there is none, or nobody polls it."""
        now = self._now
        return now[1] if now is not None and 0.0 <= now_s - now[0] <= self._stale_s else None

    def poll(self, now_s: float) -> bool:
        """Look for the device or read it; returns whether there is one."""
        try:
            if self._device is None:
                self._look(now_s)
            if self._device is not None:
                self._read(self._device.controls(now_s), now_s)
        except DeviceError as error:
            self._lose(str(error))
        return self._device is not None

    def close(self) -> None:
        """Give the device back."""
        device, self._device, self._now = self._device, None, None
        if device is not None:
            device.close()

    def _look(self, now_s: float) -> None:
        if self._looked_s is not None and now_s - self._looked_s < LOOK_S:
            return
        self._looked_s = now_s
        self._device = self._open()
        if self._device is not None:
            self._pressed, self._has_rested, self._detail = None, False, ""

    def _read(self, controls: Controls, now_s: float) -> None:
        before = controls.pressed if self._pressed is None else self._pressed
        new = controls.pressed - before
        self._pressed = controls.pressed
        self._presses += bool(new & self._gripper)
        axes = self._action(controls)
        if not self._has_rested:
            # A stick that leans, or lies on its side, must not move the arm the moment it is plugged in.
            self._has_rested = axes == NO_MOTION
            axes = NO_MOTION
            self._detail = "" if self._has_rested else f"the {WORDS[self._kind]} is deflected: let go of it once"
        is_held = axes != NO_MOTION or bool(controls.pressed & self._gripper)
        self._now = (now_s, Reading(axes, is_held, self._presses))
        for button in sorted(new & self._commands.keys()):
            self._on_command(self.name, self._commands[button])

    def _action(self, controls: Controls) -> Axes:
        deflections = [
            sum(sign * controls.axes.get(name, float(name in controls.pressed)) for sign, name in component)
            for component in self._axes
        ]
        return shaped(deflections, self._settings.dead_zone, self._settings.scale)

    def _lose(self, why: str) -> None:
        if self._device is not None:
            words = WORDS[self._kind]
            why = f"the {words} was unplugged: the arm stands still; plug it in again or go on with another device"
        self.close()
        self._detail = why
