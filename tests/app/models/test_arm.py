"""The arm's bars show what was measured, and nothing where nothing was."""

import math
from dataclasses import replace

from irevla.app.graph.facts import Arbiter, Arm
from irevla.app.models.arm import NOT_HEARD, WALLS, Bar, arm_state
from irevla.app.models.rig import Rig

ARM = Arm(received_s=0.0, episode_id="e", step=0, position_m=(0.5, 0.0, 0.2), gripper_width_m=0.02, mode=1, error="")
ARBITER = Arbiter(
    received_s=0.0,
    source=0,
    hold=False,
    reason="",
    blamed=0,
    episode_id="e",
    margin_m=(0.25, 0.125, 0.019, 0.02, -0.004, math.nan),
    limited=0,
)


def rig(arm: Arm | None = ARM, arbiter: Arbiter | None = ARBITER) -> Rig:
    rig = Rig(())
    rig.arm, rig.arbiter = arm, arbiter
    return rig


def test_nothing_heard_shows_nothing() -> None:
    state = arm_state(rig(None, None))
    assert state.gripper == NOT_HEARD
    assert state.walls == (NOT_HEARD,) * len(WALLS)
    assert state.error == ""


def test_the_gripper_is_full_at_its_widest() -> None:
    assert arm_state(rig()).gripper == Bar(0.25, "20 mm")
    assert arm_state(rig(replace(ARM, gripper_width_m=0.081))).gripper == Bar(1.0, "81 mm")


def test_a_wall_is_red_below_two_centimetres_and_beyond_it() -> None:
    far, half, near, just_not, beyond, unknown = arm_state(rig()).walls
    assert far == Bar(1.0, "25.0 cm")
    assert half == Bar(0.5, "12.5 cm")
    assert (near.words, near.is_bad) == ("1.9 cm", True)
    assert just_not.is_bad is False
    assert beyond == Bar(0.0, "-0.4 cm", True)
    assert unknown == NOT_HEARD


def test_too_few_distances_leave_the_others_unknown() -> None:
    assert arm_state(rig(arbiter=replace(ARBITER, margin_m=(0.25,)))).walls[1:] == (NOT_HEARD,) * 5


def test_the_arms_own_complaint_is_handed_on() -> None:
    assert arm_state(rig(replace(ARM, error="reflex"))).error == "reflex"
