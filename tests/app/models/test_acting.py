"""The details say who acts, and never more than is known."""

from dataclasses import replace

import pytest

from irevla.app.graph.facts import Arbiter, Command, EpisodeNow, Phase, PolicyStep, Source, Teleop
from irevla.app.models.acting import EpisodeClock, acting_state, is_taken_over, limit_names
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
    blamed=Source.HOLD,
    episode_id="e1",
    margin_m=(0.1,) * 6,
    limited=0,
)
POLICY = PolicyStep(
    received_s=10.0,
    episode_id="e1",
    step=12,
    action=(0.0,) * 7,
    log_prob=-1.0,
    q_value=0.5,
    weights_version=37,
    model_hash="3f2a91c4d5e6",
    infer_s=0.0314,
)


def rig(episode: EpisodeNow | None = EPISODE, arbiter: Arbiter | None = ARBITER) -> Rig:
    rig = Rig(("front",))
    rig.episode, rig.arbiter, rig.policy = episode, arbiter, POLICY
    return rig


def actor(episode: EpisodeNow = EPISODE, **arbiter: object) -> str:
    return acting_state(rig(episode, replace(ARBITER, **arbiter)), EpisodeClock(), 0.0).actor  # type: ignore[arg-type]


def test_nothing_heard_is_said_and_not_guessed() -> None:
    state = acting_state(Rig(()), EpisodeClock(), 0.0)
    assert state.instruction == "no episode yet"
    assert state.actor == "the arbiter was not heard"
    assert state.model == "the policy was not heard"
    assert state.limits == ""


def test_a_running_episode_is_described() -> None:
    clock = EpisodeClock()
    clock.take(EPISODE)
    state = acting_state(rig(), clock, 11.24)
    assert state.instruction == "“press the button”"
    assert state.episode == "press_button · rl · seed 7"
    assert state.time == "1.2 s"
    assert state.actor == "policy, a sample of π"
    assert state.model == "3f2a91c4 · head 37 · 31 ms"


def test_who_acts_follows_arbiter_and_mode() -> None:
    assert actor(replace(EPISODE, explore=False)) == "policy, the mean of π"
    assert actor(source=Source.TELEOP) == "a person, teleop for the policy"
    assert actor(replace(EPISODE, mode="teleop"), source=Source.TELEOP) == "a person, teleop"
    assert actor(source=Source.EXPERT) == "the scripted expert"
    assert actor(source=77) == "nobody"
    assert actor(replace(EPISODE, state=Phase.RESETTING)) == "the arm's reset"
    assert actor(replace(EPISODE, state=Phase.SAVED)) == "nobody"


def test_the_device_in_hand_is_named() -> None:
    known = rig(arbiter=replace(ARBITER, source=Source.TELEOP))
    known.teleop = Teleop(
        received_s=0.0,
        devices=("spacemouse",),
        active="spacemouse",
        takes_over=True,
        axes=(0.0,) * 6,
        gripper_open=True,
        detail="",
    )
    assert acting_state(known, EpisodeClock(), 0.0).actor == "a person, spacemouse for the policy"


def test_a_stop_names_whose_proposal_brought_it() -> None:
    assert actor(hold=True, blamed=Source.POLICY) == "stopped by the policy's proposal"
    assert actor(hold=True) == "nobody: the arm is stopped"
    assert actor(hold=True, blamed=77) == "nobody: the arm is stopped"


@pytest.mark.parametrize(
    ("limited", "names"), [(0, []), (5, ["workspace box", "step size"]), (24, ["speed", "range"]), (32, ["limit 32"])]
)
def test_limits_are_told_by_name(limited: int, names: list[str]) -> None:
    assert limit_names(limited) == names


def test_the_limits_are_those_of_the_last_command() -> None:
    known = rig()
    known.command = Command(
        received_s=0.0, episode_id="e1", step=1, action=(0.0,) * 7, source=Source.POLICY, limited=12, hold=False
    )
    assert acting_state(known, EpisodeClock(), 0.0).limits == "step size, speed"


@pytest.mark.parametrize(
    ("arbiter", "episode", "expected"),
    [
        (replace(ARBITER, source=Source.TELEOP), EPISODE, True),
        (ARBITER, EPISODE, False),
        (replace(ARBITER, source=Source.TELEOP, hold=True), EPISODE, False),
        (replace(ARBITER, source=Source.TELEOP), replace(EPISODE, mode="teleop"), False),
        (replace(ARBITER, source=Source.TELEOP), replace(EPISODE, state=Phase.SAVED), False),
        (None, EPISODE, False),
    ],
)
def test_a_person_takes_over_only_from_somebody_else(
    arbiter: Arbiter | None, episode: EpisodeNow, expected: bool
) -> None:
    assert is_taken_over(rig(episode, arbiter)) is expected


def test_the_clock_runs_while_the_episode_does_and_starts_anew_with_the_next() -> None:
    clock = EpisodeClock()
    assert clock.seconds(5.0) is None
    clock.take(replace(EPISODE, state=Phase.READY, received_s=9.0))
    assert clock.seconds(9.5) is None
    clock.take(EPISODE)
    clock.take(replace(EPISODE, received_s=11.0))
    assert clock.seconds(12.5) == pytest.approx(2.5)
    clock.take(replace(EPISODE, state=Phase.AWAITING_LABEL, received_s=13.0))
    clock.take(replace(EPISODE, state=Phase.SAVED, received_s=15.0))
    assert clock.seconds(90.0) == pytest.approx(3.0)
    clock.take(replace(EPISODE, episode_id="e2", state=Phase.RESETTING, received_s=91.0))
    assert clock.seconds(92.0) is None
