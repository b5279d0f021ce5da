"""Who steers, and what the gripper does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from irevla_nodes.teleop.hands import Hands
from irevla_nodes.teleop.reading import NO_MOTION, Kind, Reading, shaped

AHEAD = (0.5, 0.0, 0.0, 0.0, 0.0, 0.0)
LEFT = (0.0, 0.5, 0.0, 0.0, 0.0, 0.0)


class FakeDevice:
    """Shows what a test says."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.shown: Reading | None = Reading()

    def reading(self, now_s: float) -> Reading | None:
        return self.shown

    def hold(self, axes: tuple[float, float, float, float, float, float], presses: int = 0) -> None:
        self.shown = Reading(axes, True, presses)


@pytest.fixture
def window() -> FakeDevice:
    return FakeDevice("window")


@pytest.fixture
def gamepad() -> FakeDevice:
    return FakeDevice("gamepad")


@pytest.fixture
def hands(window: FakeDevice, gamepad: FakeDevice) -> Hands:
    hands = Hands([window, gamepad], press_s=0.3)
    hands.look(0.0)
    return hands


def test_nobody_steers_while_nothing_is_deflected(hands: Hands) -> None:
    assert (hands.active, hands.takes_over, hands.axes) == (None, False, NO_MOTION)
    np.testing.assert_array_equal(hands.action(), [0, 0, 0, 0, 0, 0, 1])


def test_the_device_that_was_deflected_last_wins_and_the_other_has_it_back_after(
    hands: Hands, window: FakeDevice, gamepad: FakeDevice
) -> None:
    gamepad.hold(AHEAD)
    hands.look(1.0)
    window.hold(LEFT)
    hands.look(2.0)
    assert (hands.active, hands.axes) == ("window", LEFT)
    window.shown = Reading()
    hands.look(3.0)
    assert (hands.active, hands.axes) == ("gamepad", AHEAD)


def test_the_device_that_steered_last_stays_named_at_rest(hands: Hands, gamepad: FakeDevice) -> None:
    gamepad.hold(AHEAD)
    hands.look(1.0)
    gamepad.shown = Reading()
    hands.look(2.0)
    assert (hands.active, hands.takes_over, hands.axes) == ("gamepad", False, NO_MOTION)


def test_a_device_that_vanishes_steers_no_more(hands: Hands, gamepad: FakeDevice) -> None:
    gamepad.hold(AHEAD)
    hands.look(1.0)
    gamepad.shown = None
    hands.look(1.1)
    assert (hands.takes_over, hands.axes) == (False, NO_MOTION)


def test_a_press_turns_the_gripper_over_once_whoever_presses(
    hands: Hands, window: FakeDevice, gamepad: FakeDevice
) -> None:
    gamepad.shown = Reading(gripper_presses=1)
    hands.look(1.0)
    hands.look(1.1)
    assert not hands.is_open
    window.shown = Reading(gripper_presses=1)
    hands.look(1.2)
    assert hands.is_open


def test_a_short_press_is_a_take_over_long_enough_for_a_step_to_see_it(hands: Hands, gamepad: FakeDevice) -> None:
    gamepad.shown = Reading(gripper_presses=1)
    hands.look(1.0)
    hands.look(1.29)
    assert hands.takes_over
    hands.look(1.4)
    assert not hands.takes_over


@pytest.mark.parametrize("presses", [1, 7])
def test_presses_from_before_a_device_was_heard_or_while_it_was_silent_count_for_nothing(
    hands: Hands, window: FakeDevice, presses: int
) -> None:
    window.shown = None
    hands.look(1.0)
    window.shown = Reading(gripper_presses=presses)
    hands.look(9.0)
    assert hands.is_open


def test_a_window_that_was_started_again_counts_from_zero(hands: Hands, window: FakeDevice) -> None:
    window.shown = Reading(gripper_presses=4)
    hands.look(1.0)
    window.shown = Reading(gripper_presses=0)
    hands.look(2.0)
    assert hands.is_open


def test_an_intervention_does_not_drop_what_the_policy_holds(hands: Hands, gamepad: FakeDevice) -> None:
    hands.follow(gripper_width_m=0.03)
    gamepad.hold(AHEAD)
    hands.look(1.0)
    assert hands.action()[6] == -1


def test_a_new_episode_starts_with_an_open_gripper(hands: Hands, gamepad: FakeDevice) -> None:
    gamepad.shown = Reading(gripper_presses=1)
    hands.look(1.0)
    hands.restart()
    assert hands.action()[6] == 1


ANY_READING = st.builds(
    lambda values, is_held, presses: Reading(shaped(values, 0.1, 1.0), is_held, presses),
    st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=6, max_size=6),
    st.booleans(),
    st.integers(0, 2**32 - 1),
)


@given(st.lists(st.tuples(st.none() | ANY_READING, st.none() | ANY_READING), max_size=20))
def test_whatever_the_devices_show_the_action_is_one(shown: list[tuple[Reading | None, Reading | None]]) -> None:
    window, gamepad = FakeDevice("window"), FakeDevice("gamepad")
    hands = Hands([window, gamepad], press_s=0.3)
    for moment, (window.shown, gamepad.shown) in enumerate(shown):
        hands.look(0.1 * moment)
        action = hands.action()
        assert action.shape == (7,) and np.isfinite(action).all() and (np.abs(action) <= 1).all()
        if not any(device.shown and device.shown.axes != NO_MOTION for device in (window, gamepad)):
            assert not action[:6].any()
