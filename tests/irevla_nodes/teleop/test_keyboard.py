"""Keys: what is held, what it means, and when a hand counts as taking over."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from irevla.config.teleop import TeleopSettings
from irevla.config.teleop_keys import MOTION_KEYS
from irevla_nodes.teleop.keyboard import Keyboard

SETTINGS = TeleopSettings(hold_key_s=0.3, key_speed=0.5)


@pytest.fixture
def keys() -> Keyboard:
    return Keyboard(SETTINGS)


def test_w_goes_ahead_while_it_is_held_and_not_longer(keys: Keyboard) -> None:
    keys.press("w", 1.0)
    np.testing.assert_allclose(keys.action(1.2), [0.5, 0, 0, 0, 0, 0, 1])
    np.testing.assert_allclose(keys.action(1.4), [0, 0, 0, 0, 0, 0, 1])


def test_opposite_keys_cancel(keys: Keyboard) -> None:
    keys.press("a", 1.0)
    keys.press("D", 1.0)
    np.testing.assert_allclose(keys.action(1.0), [0, 0, 0, 0, 0, 0, 1])


def test_space_closes_and_opens_once_a_press_however_it_repeats(keys: Keyboard) -> None:
    for moment in (1.0, 1.1, 1.2):
        keys.press(" ", moment)
    assert keys.action(1.2)[6] == -1
    keys.press(" ", 2.0)
    assert keys.action(2.0)[6] == 1


def test_other_keys_mean_nothing(keys: Keyboard) -> None:
    assert not keys.press("q", 1.0)
    assert not keys.is_active(1.0)


def test_an_intervention_lasts_while_a_key_is_held(keys: Keyboard) -> None:
    assert not keys.is_active(0.0)
    keys.press("f", 1.0)
    assert keys.is_active(1.29)
    assert not keys.is_active(1.31)


def test_an_intervention_does_not_drop_what_the_policy_holds(keys: Keyboard) -> None:
    keys.follow(gripper_width_m=0.03)
    keys.press("r", 1.0)
    assert keys.action(1.0)[6] == -1


def test_a_new_episode_starts_with_no_key_and_an_open_gripper(keys: Keyboard) -> None:
    keys.press(" ", 1.0)
    keys.press("w", 1.0)
    keys.restart()
    np.testing.assert_allclose(keys.action(1.0), [0, 0, 0, 0, 0, 0, 1])


@given(st.lists(st.tuples(st.characters(), st.floats(-1e9, 1e9)), max_size=30), st.floats(-1e9, 1e9))
def test_whatever_is_typed_gives_an_action(typed: list[tuple[str, float]], now_s: float) -> None:
    keys = Keyboard(SETTINGS)
    for key, moment in typed:
        keys.press(key, moment)
    action = keys.action(now_s)
    assert action.shape == (7,)
    assert (np.abs(action) <= 1).all()


def test_every_component_has_both_signs() -> None:
    assert sorted(MOTION_KEYS.values()) == sorted((component, sign) for component in range(6) for sign in (-1.0, 1.0))
