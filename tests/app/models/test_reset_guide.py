"""The reset guide's words and times."""

from collections.abc import Callable

import pytest

from irevla.app.graph.facts import EpisodeNow, Phase
from irevla.app.models.reset_guide import GuideState, ResetGuide

MakeEpisode = Callable[..., EpisodeNow]
WAITS = "put the objects back, then confirm"


@pytest.fixture(name="guide")
def fixture_guide() -> ResetGuide:
    return ResetGuide()


def reset(guide: ResetGuide, make_episode_now: MakeEpisode, name: str, from_s: float, to_s: float) -> None:
    guide.take(make_episode_now(Phase.READY, from_s, episode_id=name, detail=WAITS))
    guide.take(make_episode_now(Phase.RESETTING, to_s, episode_id=name))


def test_nothing_is_shown_while_nothing_waits(guide: ResetGuide, make_episode_now: MakeEpisode) -> None:
    assert not guide.take(make_episode_now(Phase.READY, 1.0))
    assert guide.state(2.0) == GuideState(False, "", "", False, "")


def test_the_stopwatch_runs_from_ready(guide: ResetGuide, make_episode_now: MakeEpisode) -> None:
    assert guide.take(make_episode_now(Phase.READY, 10.0, detail=WAITS))
    assert not guide.take(make_episode_now(Phase.READY, 10.5, detail=WAITS))
    assert guide.state(75.9).waited == "1:05"
    assert guide.state(9.0).waited == "0:00"


def test_the_words_tell_of_the_shadow_or_why_there_is_none(guide: ResetGuide, make_episode_now: MakeEpisode) -> None:
    guide.take(make_episode_now(Phase.READY, 10.0, detail=WAITS))
    assert guide.state(10.0).words == ""
    guide.scene_came("")
    assert guide.state(10.0).words == "the shadow in the picture shows where"
    assert guide.state(10.0).has_scene
    guide.scene_came("no success of press_button: record a demonstration first")
    assert guide.state(10.0).words == "no success of press_button: record a demonstration first"


def test_the_last_five_resets_and_their_mean_are_kept(guide: ResetGuide, make_episode_now: MakeEpisode) -> None:
    for number, took_s in enumerate((90.0, 10.0, 20.0, 30.0, 40.0, 50.0)):
        reset(guide, make_episode_now, f"e{number}", 100.0 * number, 100.0 * number + took_s)
    assert guide.state(999.0).times == "last resets 10, 20, 30, 40, 50 s, mean 30 s"


def test_a_reset_that_was_given_up_is_no_reset_time(guide: ResetGuide, make_episode_now: MakeEpisode) -> None:
    guide.take(make_episode_now(Phase.READY, 10.0, detail=WAITS))
    assert guide.take(make_episode_now(Phase.IDLE, 20.0))
    assert guide.state(20.0).times == ""
    assert guide.waits_for == ""


def test_the_next_episode_starts_without_the_last_ones_scene(guide: ResetGuide, make_episode_now: MakeEpisode) -> None:
    guide.take(make_episode_now(Phase.READY, 10.0, detail=WAITS))
    guide.scene_came("")
    guide.take(make_episode_now(Phase.READY, 20.0, episode_id="e2", detail=WAITS))
    assert not guide.state(20.0).has_scene
    assert guide.waits_for == "e2"
