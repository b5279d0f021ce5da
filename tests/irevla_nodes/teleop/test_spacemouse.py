"""A SpaceMouse by its reports, over an opened device in a test's hands; the real library where there is none."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from irevla.config.errors import DeviceError
from irevla_nodes.teleop.spacemouse import SpaceMice, SpaceMouse


class HidError(Exception):
    """As easyhid's."""


class FakeHid:
    """Gives one waiting report a call, as pyspacemouse does, and then the last one again."""

    name = "SpaceMouseCompact"

    def __init__(self) -> None:
        self.waiting: list[float] = []
        self.buttons = [0, 0]
        self.is_plugged = True
        self._t = -1.0
        self._x = 0.0

    def read(self) -> Any:
        if not self.is_plugged:
            raise HidError("Failed to read from HID device: -1")
        if self.waiting:
            self._x = self.waiting.pop(0)
            self._t += 1.0
        return SimpleNamespace(t=self._t, x=self._x, y=0.0, z=0.0, roll=0.0, pitch=0.0, yaw=0.0, buttons=self.buttons)

    def close(self) -> None:
        self.is_plugged = False


@pytest.fixture
def hid() -> FakeHid:
    return FakeHid()


@pytest.fixture
def mouse(hid: FakeHid) -> SpaceMouse:
    return SpaceMouse(hid, HidError, silence_s=0.5)


def test_the_newest_report_counts_however_many_wait(mouse: SpaceMouse, hid: FakeHid) -> None:
    hid.waiting = [0.1, 0.9, 0.4]
    assert mouse.controls(1.0).axes["x"] == 0.4
    assert hid.waiting == []


def test_a_flood_of_reports_does_not_block(mouse: SpaceMouse, hid: FakeHid) -> None:
    hid.waiting = [0.1] * 100_000
    mouse.controls(1.0)
    assert hid.waiting


def test_a_cap_that_falls_silent_while_deflected_is_let_go(mouse: SpaceMouse, hid: FakeHid) -> None:
    hid.waiting = [0.8]
    assert mouse.controls(1.0).axes["x"] == 0.8
    assert mouse.controls(1.5).axes["x"] == 0.8
    assert mouse.controls(1.51).axes["x"] == 0.0


def test_buttons_are_numbered_from_one(mouse: SpaceMouse, hid: FakeHid) -> None:
    hid.buttons = [0, 1]
    assert mouse.controls(1.0).pressed == {"button_2"}


def test_an_unplugged_device_is_a_device_error(mouse: SpaceMouse, hid: FakeHid) -> None:
    hid.is_plugged = False
    with pytest.raises(DeviceError, match="SpaceMouseCompact cannot be read any more"):
        mouse.controls(1.0)


def test_the_real_library_finds_nothing_or_says_what_is_missing() -> None:
    try:
        found = SpaceMice(0.5).open()
    except DeviceError as error:
        assert "apt-get install libhidapi-hidraw0" in str(error) or "udev" in str(error)
    else:
        assert found is None or found.name
