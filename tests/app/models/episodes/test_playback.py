"""The episode that is looked into."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from irevla.app.graph.records import EpisodeDetail, LabelChange
from irevla.app.graph.requests import GetEpisode
from irevla.app.models.episodes.episode_row import when
from irevla.app.models.episodes.picture_cache import PictureCache
from irevla.app.models.episodes.playback import CameraPicture, Playback, history_line

Make = Callable[..., EpisodeDetail]


def ask(playback: Playback, now_s: float) -> int:
    wanted = playback.request(now_s)
    assert wanted is not None
    number, request = wanted
    assert request == GetEpisode(episode_id=playback.episode_id)
    return number


def opened(detail: EpisodeDetail) -> Playback:
    playback = Playback(PictureCache())
    playback.open(detail.episode.episode_id)
    assert playback.take(ask(playback, 0.0), detail)
    return playback


def test_nothing_is_open_at_first() -> None:
    playback = Playback(PictureCache())
    assert playback.request(0.0) is None
    assert not playback.state().is_open


def test_an_answer_about_another_episode_is_dropped(make_detail: Make) -> None:
    playback = Playback(PictureCache())
    playback.open("e0")
    old = ask(playback, 0.0)
    playback.open("e1")
    assert not playback.take(old, make_detail("e0"))
    playback.fail(old, "too late")
    assert (playback.detail, playback.state().trouble) == (None, "")


def test_a_held_arrow_key_does_not_flood_the_store() -> None:
    playback = Playback(PictureCache())
    playback.open("e0")
    ask(playback, 0.0)
    playback.open("e1")
    assert playback.request(0.1) is None
    ask(playback, 0.2)


def test_a_refresh_keeps_row_and_curves(make_detail: Make) -> None:
    playback = opened(make_detail())
    curves = playback.state().curves
    playback.playhead.jump(2, 0.0)
    playback.refresh()
    playback.take(ask(playback, 1.0), make_detail(label="success"))
    state = playback.state()
    assert (state.row, state.label) == (2, ("success · anna", "good"))
    assert state.curves is curves


def test_another_episode_begins_at_its_first_step(make_detail: Make) -> None:
    playback = opened(make_detail())
    playback.playhead.jump(2, 0.0)
    playback.open("e1")
    assert playback.state().rows == 0
    playback.take(ask(playback, 1.0), make_detail("e1", steps=9))
    assert (playback.state().row, playback.state().rows) == (0, 9)


def test_the_position_is_told_in_steps_and_seconds(make_detail: Make) -> None:
    playback = opened(make_detail())
    playback.playhead.jump(2, 0.0)
    assert playback.state().position == "step 3 of 4   0.2 s"


def test_pictures_are_shown_or_it_is_said_why_not(make_detail: Make) -> None:
    playback = opened(make_detail())
    front, wrist = playback.picture_requests(0.0)
    assert playback.state().cameras == (
        CameraPicture("front", b"", "loading …"),
        CameraPicture("wrist", b"", "loading …"),
    )
    playback.pictures.take(front, (b"0", b"1", b"2"))
    playback.pictures.refuse(wrist, "the file is torn", 0.0)
    assert playback.state().cameras == (
        CameraPicture("front", b"0"),
        CameraPicture("wrist", b"", "the file is torn"),
    )
    playback.playhead.jump(3, 0.0)
    assert playback.state().cameras[0] == CameraPicture("front", b"", "no picture of this step")


def test_pictures_that_were_not_kept_are_not_asked_for(make_detail: Make) -> None:
    playback = opened(make_detail(has_images=False))
    assert playback.picture_requests(0.0) == ()
    (only,) = playback.state().cameras
    assert "not kept" in only.words


def test_playing_waits_for_pictures_but_not_for_refused_ones(make_detail: Make) -> None:
    playback = opened(make_detail())
    front, wrist = playback.picture_requests(0.0)
    playback.playhead.toggle(0.0)
    playback.pictures.take(front, (b"p",) * 4)
    playback.advance(0.2)
    assert playback.playhead.row == 0
    playback.pictures.refuse(wrist, "the file is torn", 0.2)
    playback.advance(0.4)
    assert playback.playhead.row == 2


def test_a_refusal_is_told_and_nothing_can_be_labelled() -> None:
    playback = Playback(PictureCache())
    playback.open("e0")
    playback.fail(ask(playback, 0.0), "e0: the file's checksum is wrong")
    state = playback.state()
    assert (state.trouble, state.about, state.can_label) == ("e0: the file's checksum is wrong", "", False)


def test_an_episode_without_steps_is_shown_as_such(make_detail: Make) -> None:
    state = opened(make_detail(steps=0)).state()
    assert (state.rows, state.position, state.readout.state) == (0, "no steps", ())


def test_only_a_closed_episode_can_be_labelled_and_not_twice_at_once(make_detail: Make) -> None:
    assert "is aborted" in opened(make_detail(state="aborted")).label_obstacle
    playback = opened(make_detail())
    assert playback.state().can_label
    playback.label()
    assert "on the way" in playback.label_obstacle
    playback.labelled("e0", "✓ was failure")
    assert playback.state().can_label
    assert playback.state().confirmation == "✓ was failure"


def test_a_confirmation_is_not_shown_on_another_episode(make_detail: Make) -> None:
    playback = opened(make_detail())
    playback.label()
    playback.open("e1")
    playback.labelled("e0", "✓ was failure")
    assert playback.state().confirmation == ""


def test_the_label_log_has_the_newest_first(make_detail: Make) -> None:
    detail = make_detail()
    change = LabelChange("failure", "", "ben", 1_700_000_100.0, math.nan)
    state = opened(replace(detail, labels=(*detail.labels, change))).state()
    assert state.history == (
        f"{when(1_700_000_100.0)}  failure → unlabelled, by ben",
        f"{when(1_700_000_010.0)}  unlabelled → failure, by anna, 1.5 s after the end",
    )
    assert state.history[0] == history_line(change)
