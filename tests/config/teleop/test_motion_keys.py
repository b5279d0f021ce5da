"""The keys that move the arm."""

from irevla.config.teleop.motion_keys import MOTION_KEYS, axes_of


def test_every_component_has_both_signs() -> None:
    assert sorted(MOTION_KEYS.values()) == sorted((component, sign) for component in range(6) for sign in (-1.0, 1.0))


def test_opposite_keys_cancel_and_others_mean_nothing() -> None:
    assert axes_of("wadq") == (1, 0, 0, 0, 0, 0)
