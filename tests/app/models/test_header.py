"""The head of the window says who may move the arm, in every phase."""

from dataclasses import replace

import pytest

from irevla.app.graph.facts import Arbiter, EpisodeNow, Phase, Source
from irevla.app.models.header import header_state
from irevla.app.models.rig import Rig

EPISODE = EpisodeNow(
    received_s=10.0,
    state=Phase.RUNNING,
    episode_id="e1",
    task="press_button",
    instruction="press the button",
    mode="policy",
    explore=True,
    kind="rl",
    seed=7,
    step=12,
    max_steps=60,
    detail="",
    weights_version=3,
)
ARBITER = Arbiter(
    received_s=10.0,
    source=Source.POLICY,
    hold=False,
    reason="",
    blamed=0,
    episode_id="e1",
    margin_m=(),
    limited=0,
)


@pytest.mark.parametrize(
    ("phase", "is_held", "acting"),
    [
        (Phase.RUNNING, False, "the policy acts"),
        (Phase.RESETTING, False, "the reset acts"),
        (Phase.RESETTING, True, "nobody acts"),
        (Phase.RUNNING, True, "nobody acts"),
        (Phase.AWAITING_LABEL, False, "nobody acts"),
    ],
)
def test_who_acts_follows_the_phase_and_the_hold(phase: Phase, is_held: bool, acting: str) -> None:
    rig = Rig(())
    rig.episode, rig.arbiter = replace(EPISODE, state=phase), replace(ARBITER, hold=is_held, reason="x" * is_held)
    state = header_state(rig, 10.1)
    assert state.acting == acting
    assert state.hold == "x" * is_held
    assert state.trouble == ""


def test_trouble_is_shown_as_it_is() -> None:
    assert header_state(Rig(()), 0.0, "learner is silent for 3 s").trouble == "learner is silent for 3 s"


def test_an_arbiter_that_has_not_spoken_lately_does_not_say_who_acts() -> None:
    rig = Rig(())
    assert header_state(rig, 10.0).acting == "not known who acts"
    rig.arbiter, rig.episode = ARBITER, EPISODE
    assert header_state(rig, 11.4).acting == "the policy acts"
    assert header_state(rig, 11.6).acting == "not known who acts"
