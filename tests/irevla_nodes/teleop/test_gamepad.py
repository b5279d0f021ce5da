"""Gamepads by SDL, over a controller in a test's hands; the real SDL where there is none."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from irevla.config.errors import DeviceError
from irevla.config.teleop.devices import GAMEPAD_AXES
from irevla_nodes.teleop.gamepad import Gamepad, Gamepads

pygame = pytest.importorskip("pygame")


class FakeController:
    """Answers as pygame's Controller, whose numbers are SDL's."""

    name = "Fake Pad"

    def __init__(self) -> None:
        self.axes: dict[int, int] = {}
        self.buttons: set[int] = set()
        self.is_attached = True

    def attached(self) -> bool:
        return self.is_attached

    def get_axis(self, axis: int) -> int:
        return self.axes.get(axis, 0)

    def get_button(self, button: int) -> bool:
        return button in self.buttons

    def quit(self) -> None:
        self.is_attached = False


@pytest.fixture
def sdl() -> Any:
    names = {name: getattr(pygame, name) for name in dir(pygame) if name.startswith("CONTROLLER")}
    return SimpleNamespace(**names, event=SimpleNamespace(clear=lambda: None))


def test_axes_and_buttons_have_sdls_numbers_and_full_deflection_is_one(sdl: Any) -> None:
    controller = FakeController()
    controller.axes = {1: -32768, 5: 32767}
    controller.buttons = {1, 11}
    controls = Gamepad(sdl, controller).controls(0.0)
    assert tuple(controls.axes) == GAMEPAD_AXES
    assert controls.axes["left_y"] == pytest.approx(-1.0, abs=1e-4)
    assert controls.axes["right_trigger"] == 1.0
    assert controls.axes["left_x"] == 0.0
    assert controls.pressed == {"b", "dpad_up"}


def test_a_gamepad_that_is_gone_is_a_device_error_with_its_name(sdl: Any) -> None:
    controller = FakeController()
    gamepad = Gamepad(sdl, controller)
    controller.is_attached = False
    with pytest.raises(DeviceError, match="gamepad Fake Pad is no longer plugged in"):
        gamepad.controls(0.0)


def test_the_real_sdl_starts_without_a_display_and_finds_nothing() -> None:
    gamepads = Gamepads()
    if gamepads.open() is not None:
        pytest.skip("a gamepad is plugged in")
    assert gamepads.open() is None
