"""The keys that are held, as motion."""

from hypothesis import given
from hypothesis import strategies as st

from irevla.app.models.hands import Hands
from irevla.config.teleop.motion_keys import GRIPPER_KEY, MOTION_KEYS


def test_a_held_key_is_motion_and_takes_over() -> None:
    hands = Hands("kim")
    assert hands.press("w")
    assert hands.press("l")
    held = hands.input()
    assert held.axes == (1.0, 0.0, 0.0, 0.0, 0.0, -1.0)
    assert held.takes_over
    assert held.who == "kim"


def test_opposite_keys_cancel_but_still_take_over() -> None:
    hands = Hands("kim")
    hands.press("w")
    hands.press("s")
    assert hands.input().axes == (0.0,) * 6
    assert hands.input().takes_over


def test_letting_one_of_two_opposite_keys_go_moves_the_other_way() -> None:
    hands = Hands("kim")
    for key in ("a", "d"):
        hands.press(key)
    hands.release("a")
    assert hands.input().axes == (0.0, -1.0, 0.0, 0.0, 0.0, 0.0)


def test_letting_go_of_all_stops_and_gives_the_arm_back() -> None:
    hands = Hands("kim")
    hands.press("r")
    hands.press(GRIPPER_KEY)
    hands.let_go()
    assert hands.input().axes == (0.0,) * 6
    assert not hands.input().takes_over


def test_each_press_of_the_gripper_key_counts_once_and_is_never_forgotten() -> None:
    hands = Hands("kim")
    for _ in range(3):
        hands.press(GRIPPER_KEY)
        hands.release(GRIPPER_KEY)
    hands.let_go()
    assert hands.input().gripper_presses == 3


def test_a_key_that_steers_nothing_is_not_held() -> None:
    hands = Hands("kim")
    assert not hands.press("q")
    assert not hands.release("q")
    assert not hands.input().takes_over


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([*MOTION_KEYS, GRIPPER_KEY, "q", ""]))))
def test_axes_stay_in_range_and_released_keys_do_not_steer(events: list[tuple[bool, str]]) -> None:
    hands = Hands("kim")
    for is_press, key in events:
        (hands.press if is_press else hands.release)(key)
    assert all(-1.0 <= axis <= 1.0 for axis in hands.input().axes)
    for key in (*MOTION_KEYS, GRIPPER_KEY):
        hands.release(key)
    assert not hands.input().takes_over
