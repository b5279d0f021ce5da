"""Gamepads of every make by SDL's names, without a window; its calls belong in one thread."""

from __future__ import annotations

import os
from typing import Any

from irevla.config.errors import DeviceError
from irevla.config.teleop.devices import GAMEPAD_AXES, GAMEPAD_BUTTONS
from irevla_nodes.teleop.device import Controls

FULL_DEFLECTION = 32767
SDL_NAMES = {
    "left_trigger": "TRIGGERLEFT",
    "right_trigger": "TRIGGERRIGHT",
}  # where ours, without the bar, is not SDL's


class Gamepad:
    """One gamepad; ``sdl`` is pygame with its controllers ready."""

    def __init__(self, sdl: Any, controller: Any) -> None:
        self._sdl = sdl
        self._controller = controller
        self._name = str(controller.name)
        self._axes = {name: getattr(sdl, f"CONTROLLER_AXIS_{_sdl_name(name)}") for name in GAMEPAD_AXES}
        self._buttons = {name: getattr(sdl, f"CONTROLLER_BUTTON_{_sdl_name(name)}") for name in GAMEPAD_BUTTONS}

    @property
    def name(self) -> str:
        """As SDL's database of controllers has it."""
        return self._name

    def controls(self, now_s: float) -> Controls:
        """Return its sticks, triggers and buttons."""
        # Reads what has happened since; the events themselves are of no use, and would pile up.
        self._sdl.event.clear()
        if not self._controller.attached():
            raise DeviceError(f"the gamepad {self._name} is no longer plugged in")
        axes = {name: self._controller.get_axis(axis) / FULL_DEFLECTION for name, axis in self._axes.items()}
        pressed = frozenset(name for name, button in self._buttons.items() if self._controller.get_button(button))
        return Controls(axes, pressed)

    def close(self) -> None:
        """Give it back to SDL."""
        self._controller.quit()


class Gamepads:
    """Looks for gamepads; loads SDL at the first look, in the thread that looks."""

    def __init__(self) -> None:
        self._sdl: Any = None
        self._controllers: Any = None

    def open(self) -> Gamepad | None:
        """Return the first gamepad; DeviceError for a joystick that SDL does not know as one."""
        if self._sdl is None:
            self._load()
        self._sdl.event.clear()
        count = self._sdl.joystick.get_count()
        for index in range(count):
            if self._controllers.is_controller(index):
                try:
                    return Gamepad(self._sdl, self._controllers.Controller(index))
                except self._sdl.error:
                    return None  # it went while we looked
        if count:
            raise DeviceError(
                "the joystick that is plugged in is not among the gamepads SDL knows; describe it in the environment "
                "variable SDL_GAMECONTROLLERCONFIG, or unplug it"
            )
        return None

    def _load(self) -> None:
        os.environ.update(
            SDL_VIDEODRIVER="dummy",  # events come with a display, and this one shows nothing
            SDL_JOYSTICK_ALLOW_BACKGROUND_EVENTS="1",  # without a window we are always in the background
            SDL_NO_SIGNAL_HANDLERS="1",  # Ctrl-C is ours
            PYGAME_HIDE_SUPPORT_PROMPT="1",
        )
        # Half a second, and of use to nobody without a gamepad.
        import pygame
        from pygame._sdl2 import controller

        try:
            pygame.display.init()
            pygame.joystick.init()
            controller.init()
        except pygame.error as error:
            raise DeviceError(f"gamepads cannot be used: SDL does not start: {error}") from None
        self._sdl, self._controllers = pygame, controller


def _sdl_name(name: str) -> str:
    return SDL_NAMES.get(name, name.upper() if name.startswith("dpad") else name.replace("_", "").upper())
