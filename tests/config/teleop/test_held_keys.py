"""Keys of a terminal: held until a while after the last repeat."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irevla.config.teleop.held_keys import HeldKeys, typed_keys


def test_a_key_is_held_as_long_as_it_repeats() -> None:
    keys = HeldKeys(hold_s=0.3)
    keys.press("w", 1.0)
    keys.press("W", 1.2)
    assert keys.axes(1.4) == (1, 0, 0, 0, 0, 0)
    assert not keys.is_any(1.6)


def test_the_gripper_counts_presses_and_no_repeats() -> None:
    keys = HeldKeys(hold_s=0.3)
    for moment in (1.0, 1.1, 1.2, 2.0):
        keys.press(" ", moment)
    assert keys.gripper_presses == 2


@pytest.mark.parametrize(
    ("typed", "keys"), [("wad", "wad"), ("\x1b[Aw", "w"), ("\x1bOD\x1b[3~x", "x"), ("\x1b", ""), ("\n\x7f", "\n\x7f")]
)
def test_what_arrows_and_function_keys_send_is_no_key(typed: str, keys: str) -> None:
    assert typed_keys(typed) == keys


@given(st.text())
def test_nothing_typed_leaves_an_escape_behind(typed: str) -> None:
    assert "\x1b" not in typed_keys(typed)
