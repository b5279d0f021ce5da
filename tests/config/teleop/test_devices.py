"""Maps of a device's axes and buttons: what may be said, and what a wrong one is told."""

import pytest

from irevla.config.errors import ConfigError
from irevla.config.settings import load_settings
from irevla.config.teleop.devices import GamepadSettings, SpaceMouseSettings, terms


def test_a_sum_has_signs_and_names() -> None:
    assert terms("+right_trigger -left_trigger a") == [(1, "right_trigger"), (-1, "left_trigger"), (1, "a")]
    assert terms("") == []


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("axes.dx=-left_yy", "axes.dx: unknown axis or button 'left_yy' .did you mean 'left_y'"),
        ("axes.dz=right", "available: left_x, "),
        ("axes.dq=a", "unknown setting 'teleop.gamepad.axes.dq'"),
        ("buttons.holt=a", "did you mean 'hold'"),
        ("buttons.done=why", "buttons.done: unknown axis or button 'why'"),
        ("buttons.hold=a", "button 'a' is both gripper and buttons.hold"),
        ("buttons.done=left_shoulder", "button 'left_shoulder' is both axes.rx and buttons.done"),
        ("buttons.hold=' '", "buttons.hold: expected at least one button"),
        ("dead_zone=1", "less than or equal to 0.9"),
        ("gripper=left_x", "gripper: unknown axis or button 'left_x'"),
    ],
)
def test_a_wrong_map_is_refused_in_words(override: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        load_settings("sim", [f"teleop.gamepad.{override}"])


def test_one_axis_can_be_changed_alone_and_a_command_can_have_two_buttons() -> None:
    gamepad = load_settings(
        "sim", ["teleop.gamepad.axes.dx=left_y", "teleop.gamepad.buttons.hold=b guide"]
    ).teleop.gamepad
    assert (gamepad.axes.dx, gamepad.axes.dy) == ("left_y", GamepadSettings().axes.dy)
    assert gamepad.buttons.hold == "b guide"


def test_every_shipped_device_has_all_components_and_a_hold() -> None:
    for settings in (GamepadSettings(), SpaceMouseSettings()):
        assert [name for name, text in settings.axes if text] == ["dx", "dy", "dz", "rx", "ry", "rz"]
        assert settings.buttons.hold
