"""The strip holds one episode, step by step, and nothing of another one."""

import math

import numpy as np
import pytest

from irevla.app.graph.facts import Command, EpisodeNow, Phase, PolicyStep, Source
from irevla.app.models.episode_strip import MAX_STEPS, EpisodeStrip


def episode(episode_id: str, mode: str = "policy") -> EpisodeNow:
    return EpisodeNow(
        received_s=0.0,
        state=Phase.RUNNING,
        episode_id=episode_id,
        task="press",
        instruction="",
        mode=mode,
        explore=True,
        kind="rl",
        seed=0,
        step=0,
        max_steps=40,
        detail="",
        weights_version=1,
    )


def policy(step: int, q: float = 0.5, log_prob: float = -1.5, episode_id: str = "a") -> PolicyStep:
    return PolicyStep(
        received_s=0.0,
        episode_id=episode_id,
        step=step,
        action=(0.0,) * 7,
        log_prob=log_prob,
        q_value=q,
        weights_version=1,
        model_hash="f00",
        infer_s=0.03,
    )


def command(step: int, source: Source = Source.POLICY, limited: int = 0, episode_id: str = "a") -> Command:
    return Command(
        received_s=0.0,
        episode_id=episode_id,
        step=step,
        action=(0.0,) * 7,
        source=source,
        limited=limited,
        hold=False,
    )


@pytest.fixture(name="strip")
def fixture_strip() -> EpisodeStrip:
    strip = EpisodeStrip()
    strip.take(episode("a"))
    return strip


def test_before_the_first_step_it_says_what_it_waits_for(strip: EpisodeStrip) -> None:
    assert EpisodeStrip().state().empty == "waits for the policy's first step"
    strip.take(episode("b", mode="teleop"))
    assert strip.state().empty == "no policy acts here: teleop"


def test_surprise_is_minus_the_log_probability(strip: EpisodeStrip) -> None:
    strip.take(policy(0, q=0.4, log_prob=-2.0))
    strip.take(policy(1, q=0.6, log_prob=0.5))
    state = strip.state()
    assert state.empty == ""
    assert state.max_steps == 40
    assert state.curves.steps.tolist() == [0, 1]
    assert state.curves.q.tolist() == [0.4, 0.6]
    assert state.curves.surprise.tolist() == [2.0, -0.5]


def test_a_step_that_is_said_again_counts_once_and_order_does_not_matter(strip: EpisodeStrip) -> None:
    for step in (1, 0, 1):
        strip.take(policy(step))
    assert strip.state().curves.steps.tolist() == [0, 1]


def test_no_critic_and_an_impossible_action_are_gaps(strip: EpisodeStrip) -> None:
    strip.take(policy(0, q=math.nan, log_prob=-math.inf))
    curves = strip.state().curves
    assert np.isnan(curves.q).all()
    assert np.isnan(curves.surprise).all()


def test_interventions_and_limits_are_marked_at_their_steps(strip: EpisodeStrip) -> None:
    strip.take(command(3, Source.TELEOP))
    strip.take(command(4, limited=4))
    curves = strip.state().curves
    assert curves.person.tolist() == [3]
    assert curves.limited.tolist() == [4]


def test_a_person_who_demonstrates_does_not_intervene(strip: EpisodeStrip) -> None:
    strip.take(episode("b", mode="teleop"))
    strip.take(command(3, Source.TELEOP, episode_id="b"))
    assert len(strip.state().curves.person) == 0


def test_a_new_episode_clears_it_and_steps_of_the_old_one_are_dropped(strip: EpisodeStrip) -> None:
    strip.take(policy(0))
    strip.take(command(0, Source.TELEOP, limited=1))
    strip.take(episode("b"))
    strip.take(policy(1, episode_id="a"))
    curves = strip.state().curves
    assert len(curves.steps) == len(curves.person) == len(curves.limited) == 0


def test_the_same_episode_said_again_clears_nothing(strip: EpisodeStrip) -> None:
    strip.take(policy(0))
    strip.take(episode("a"))
    assert len(strip.state().curves.steps) == 1


def test_curves_are_the_same_object_while_nothing_is_new(strip: EpisodeStrip) -> None:
    strip.take(policy(0))
    first = strip.state()
    assert strip.state() == first
    strip.take(policy(1))
    assert strip.state() != first


def test_steps_beyond_any_episodes_length_take_no_memory(strip: EpisodeStrip) -> None:
    strip.take(policy(MAX_STEPS))
    assert len(strip.state().curves.steps) == 0
