"""Keys: what is held, what it means, and when a hand counts as taking over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irevla.config.teleop.settings import TeleopSettings
from irevla_nodes.teleop.keyboard import Keyboard
from irevla_nodes.teleop.reading import NO_MOTION

SETTINGS = TeleopSettings(hold_key_s=0.3, key_speed=0.5)


@pytest.fixture
def keys() -> Keyboard:
    return Keyboard(SETTINGS)


def test_w_goes_ahead_while_it_is_held_and_not_longer(keys: Keyboard) -> None:
    keys.type("w", 1.0)
    assert keys.reading(1.2).axes == (0.5, 0, 0, 0, 0, 0)
    assert keys.reading(1.4).axes == NO_MOTION


def test_opposite_keys_cancel_but_somebody_holds_them(keys: Keyboard) -> None:
    keys.type("a", 1.0)
    keys.type("D", 1.0)
    assert (keys.reading(1.0).axes, keys.reading(1.0).is_held) == (NO_MOTION, True)


def test_a_held_space_counts_once_however_it_repeats(keys: Keyboard) -> None:
    for moment in (1.0, 1.1, 1.2):
        keys.type(" ", moment)
    assert keys.reading(1.2).gripper_presses == 1
    keys.type(" ", 2.0)
    assert keys.reading(2.0).gripper_presses == 2


def test_other_keys_mean_nothing(keys: Keyboard) -> None:
    keys.type("q", 1.0)
    assert not keys.reading(1.0).is_held


@pytest.mark.parametrize("arrow", ["\x1b[A", "\x1b[D", "\x1bOD", "\x1b[1;2D", "\x1b[3~", "\x1b"])
def test_an_arrow_is_no_motion_key_though_its_code_ends_in_one(keys: Keyboard, arrow: str) -> None:
    keys.type(arrow, 1.0)
    assert not keys.reading(1.0).is_held
    keys.type("w", 2.0)
    assert keys.reading(2.0).axes[0] == 0.5


def test_an_intervention_lasts_while_a_key_is_held(keys: Keyboard) -> None:
    assert not keys.reading(0.0).is_held
    keys.type("f", 1.0)
    assert keys.reading(1.29).is_held
    assert not keys.reading(1.31).is_held


def test_a_new_episode_starts_with_no_key_held(keys: Keyboard) -> None:
    keys.type("w", 1.0)
    keys.restart()
    assert not keys.reading(1.0).is_held


def test_a_new_speed_counts_from_the_next_reading(keys: Keyboard) -> None:
    keys.type("w", 1.0)
    keys.configure(SETTINGS.model_copy(update={"key_speed": 0.25}))
    assert keys.reading(1.0).axes[0] == 0.25


@given(st.lists(st.tuples(st.characters(), st.floats(-1e9, 1e9)), max_size=30), st.floats(-1e9, 1e9))
def test_whatever_is_typed_gives_an_action(typed: list[tuple[str, float]], now_s: float) -> None:
    keys = Keyboard(SETTINGS)
    for key, moment in typed:
        keys.type(key, moment)
    assert all(abs(value) <= 1 for value in keys.reading(now_s).axes)
