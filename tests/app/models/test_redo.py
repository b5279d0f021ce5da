"""What a redo does in each phase."""

from collections.abc import Callable

import pytest

from irevla.app.graph.facts import EpisodeNow, Phase
from irevla.app.models.plan import Plan
from irevla.app.models.redo import Redo

MakeEpisode = Callable[..., EpisodeNow]


@pytest.fixture(name="redo")
def fixture_redo() -> Redo:
    return Redo("e1", Plan("pick_red_block"), until_s=10.0)


def test_each_phase_has_its_step_and_none_is_done_twice(redo: Redo, make_episode_now: MakeEpisode) -> None:
    assert redo.step(make_episode_now(Phase.RUNNING), 0.0) == "stop"
    assert redo.step(make_episode_now(Phase.RUNNING), 0.1) == "wait"
    assert redo.step(make_episode_now(Phase.AWAITING_LABEL), 0.5) == "discard"
    redo.is_discarded = True
    assert redo.step(make_episode_now(Phase.AWAITING_LABEL), 0.6) == "wait"
    assert redo.step(make_episode_now(Phase.SAVED), 0.7) == "start"


def test_a_label_that_was_given_before_is_no_reason_to_start(redo: Redo, make_episode_now: MakeEpisode) -> None:
    assert redo.step(make_episode_now(Phase.SAVED), 0.0) == "discard"


def test_what_never_ran_has_nothing_to_discard(redo: Redo, make_episode_now: MakeEpisode) -> None:
    assert redo.step(make_episode_now(Phase.IDLE, episode_id=""), 0.0) == "start"


@pytest.mark.parametrize("phase", list(Phase))
def test_after_its_time_it_does_nothing(phase: Phase, redo: Redo, make_episode_now: MakeEpisode) -> None:
    assert redo.step(make_episode_now(phase), 10.1) == "give up"


@pytest.mark.parametrize("phase", [Phase.RUNNING, Phase.AWAITING_LABEL, Phase.SAVED])
def test_another_episode_is_left_alone(phase: Phase, redo: Redo, make_episode_now: MakeEpisode) -> None:
    assert redo.step(make_episode_now(phase, episode_id="e2"), 0.0) == "give up"
