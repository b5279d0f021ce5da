"""The made-up store answers as a real one does."""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
import pytest

from irevla.app.graph.bridge import Answer
from irevla.app.graph.facts import EpisodeClosed
from irevla.app.graph.fake.episodes import MODEL_B
from irevla.app.graph.fake.store import FakeStore
from irevla.app.graph.records import EpisodeDetail, EpisodeInfo, EpisodePage, Pictures, StartScene
from irevla.app.graph.requests import (
    GetEpisode,
    GetPictures,
    GetStartScene,
    Hold,
    LabelEpisode,
    ListEpisodes,
    Request,
)

WALL_S = 1_750_000_000.0


@pytest.fixture(scope="module")
def untouched() -> FakeStore:
    """Return a store that no test changes."""
    return FakeStore(seed=0, wall_s=WALL_S)


@pytest.fixture
def store() -> FakeStore:
    return FakeStore(seed=0, wall_s=WALL_S)


def ask(store: FakeStore, request: Request) -> Answer:
    answer = store.answer(request, 100.0)
    assert answer is not None
    return answer


def listed(store: FakeStore, request: ListEpisodes) -> EpisodePage:
    result = ask(store, request).result
    assert isinstance(result, EpisodePage)
    return result


def detail(store: FakeStore, episode_id: str) -> EpisodeDetail:
    result = ask(store, GetEpisode(episode_id=episode_id)).result
    assert isinstance(result, EpisodeDetail)
    return result


def first(store: FakeStore, request: ListEpisodes) -> EpisodeInfo:
    return listed(store, request).episodes[0]


def test_the_same_seed_makes_the_same_store(untouched: FakeStore, store: FakeStore) -> None:
    request = ListEpisodes(limit=300, thumbnails=True)
    # Written out, because NaN differs from itself.
    assert repr(listed(untouched, request)) == repr(listed(store, request))
    assert repr(listed(FakeStore(seed=1, wall_s=WALL_S), request)) != repr(listed(store, request))


def test_three_days_are_there_newest_first(untouched: FakeStore) -> None:
    page = listed(untouched, ListEpisodes(limit=300))
    created = [info.created for info in page.episodes]
    assert page.total == len(page.episodes) == 240
    assert created == sorted(created, reverse=True)
    assert created[0] < WALL_S
    assert 2 * 86_400 < created[0] - created[-1] < 3 * 86_400


def test_what_other_pages_count_on_is_there(untouched: FakeStore) -> None:
    def count(request: ListEpisodes) -> int:
        return listed(untouched, request).total

    assert count(ListEpisodes(kind="demo", task="pick_red_block", label="success")) >= 20
    assert count(ListEpisodes(kind="zero_shot", task="pick_eggplant", label="success")) >= 20
    assert count(ListEpisodes(kind="rl", task="pick_eggplant", label="success")) >= 20
    assert count(ListEpisodes(label="unlabelled")) == 3
    assert count(ListEpisodes(only_interventions=True)) >= 5
    assert count(ListEpisodes(order="disagreement", min_disagreement=0.5)) >= 5


def test_pages_join_without_a_gap(untouched: FakeStore) -> None:
    pages = [listed(untouched, ListEpisodes(offset=offset, limit=100)) for offset in (0, 100, 200)]
    ids = [info.episode_id for page in pages for info in page.episodes]
    assert [len(page.episodes) for page in pages] == [100, 100, 40]
    assert len(set(ids)) == 240


@pytest.mark.parametrize(
    "request_",
    [
        ListEpisodes(task="open_drawer"),
        ListEpisodes(kind="zero_shot", label="failure"),
        ListEpisodes(model_hash=MODEL_B),
        ListEpisodes(search="EGGPLANT"),
        ListEpisodes(only_interventions=True, limit=200),
    ],
)
def test_a_filter_lets_only_through_what_matches(untouched: FakeStore, request_: ListEpisodes) -> None:
    page = listed(untouched, request_)
    assert 0 < page.total < 240
    for info in page.episodes:
        assert request_.task in ("", info.task)
        assert request_.kind in ("", info.kind)
        assert request_.label in ("", info.label)
        assert request_.model_hash in ("", info.model_hash)
        assert request_.search.lower() in info.instruction + info.episode_id
        assert info.intervention_steps or not request_.only_interventions


def test_the_queue_has_the_worst_first(untouched: FakeStore) -> None:
    page = listed(untouched, ListEpisodes(order="disagreement", min_disagreement=0.5))
    worst = [info.disagreement for info in page.episodes]
    assert worst == sorted(worst, reverse=True)
    assert min(worst) >= 0.5
    for info in page.episodes:
        expected = 1 - info.q_last if info.label == "success" else info.q_last
        assert info.disagreement == pytest.approx(expected)


def test_thumbnails_come_only_when_asked_for(untouched: FakeStore) -> None:
    assert first(untouched, ListEpisodes()).thumbnail == b""
    image = cv2.imdecode(np.frombuffer(first(untouched, ListEpisodes(thumbnails=True)).thumbnail, np.uint8), 1)
    assert image is not None
    assert image.shape == (192, 256, 3)


def test_an_episode_has_numbers_for_every_step(untouched: FakeStore) -> None:
    info = first(untouched, ListEpisodes(only_interventions=True))
    found = detail(untouched, info.episode_id)
    steps = info.steps
    assert found.states.shape == found.actions.shape == (steps, 7)
    for row in (found.stamps_ns, found.q_values, found.log_probs, found.sources, found.limited):
        assert row.shape == (steps,)
    assert int(found.interventions.sum()) == info.intervention_steps
    assert found.q_values[-1] == pytest.approx(info.q_last, abs=0.02)
    assert np.abs(found.actions).max() <= 1
    assert np.isfinite(found.states).all()


def test_pictures_are_those_of_the_rows_asked_for(untouched: FakeStore) -> None:
    info = first(untouched, ListEpisodes())
    wanted = GetPictures(episode_id=info.episode_id, camera="front", first=info.steps - 2, count=50)
    result = ask(untouched, wanted).result
    assert isinstance(result, Pictures)
    assert len(result.pictures) == 2
    assert first(untouched, ListEpisodes(thumbnails=True)).thumbnail == result.pictures[-1]


def test_what_is_not_kept_or_damaged_or_gone_is_refused_in_plain_words(untouched: FakeStore) -> None:
    bare = next(info for info in listed(untouched, ListEpisodes(limit=300)).episodes if not info.has_images)
    damaged = next(info for info in listed(untouched, ListEpisodes(limit=300)).episodes if info.state == "damaged")
    for request, words in (
        (GetPictures(episode_id=bare.episode_id, camera="front", first=0, count=1), "no pictures"),
        (GetEpisode(episode_id=damaged.episode_id), "checksum"),
        (GetEpisode(episode_id="gone"), "there is no episode 'gone'"),
        (LabelEpisode(label="success", who="ben", episode_id="gone"), "there is no episode 'gone'"),
        (LabelEpisode(label="success", who="ben", episode_id=damaged.episode_id), "only a closed episode"),
        (LabelEpisode(label="great", who="ben", episode_id=bare.episode_id), "available: success, failure"),
    ):
        answer = ask(untouched, request)
        assert not answer.success
        assert words in answer.message


def test_a_relabel_is_logged_told_and_undone(store: FakeStore) -> None:
    info = first(store, ListEpisodes(label="failure", kind="rl"))
    assert ask(store, LabelEpisode(label="success", who="ben", episode_id=info.episode_id)).success
    (fact,) = store.facts(101.0)
    assert isinstance(fact, EpisodeClosed)
    assert (fact.episode_id, fact.label, fact.relabel, fact.received_s) == (info.episode_id, "success", True, 101.0)
    assert store.facts(102.0) == []
    now = detail(store, info.episode_id)
    assert (now.episode.label, now.episode.label_by) == ("success", "ben")
    assert now.episode.disagreement == pytest.approx(1 - info.q_last)
    assert (now.labels[-1].old, now.labels[-1].label, now.labels[-1].stamp) == ("failure", "success", WALL_S + 100)
    assert ask(store, LabelEpisode(label="undo", who="ben", episode_id=info.episode_id)).success
    now = detail(store, info.episode_id)
    assert now.episode.label == "failure"
    assert [change.label for change in now.labels] == ["failure", "success", "failure"]


def test_undoing_the_first_label_leaves_none(store: FakeStore) -> None:
    info = first(store, ListEpisodes(label="unlabelled"))
    undo = LabelEpisode(label="undo", who="ben", episode_id=info.episode_id)
    assert "no label to undo" in ask(store, undo).message
    assert ask(store, LabelEpisode(label="success", who="ben", episode_id=info.episode_id)).success
    assert ask(store, undo).success
    now = detail(store, info.episode_id).episode
    assert (now.label, now.label_by) == ("", "")
    assert math.isnan(now.disagreement)


def test_the_running_episode_and_other_requests_are_left_to_others(untouched: FakeStore) -> None:
    assert untouched.answer(LabelEpisode(label="success", who="ben"), 0.0) is None
    assert untouched.answer(Hold(), 0.0) is None


def test_a_start_scene_is_the_first_picture_of_a_success(untouched: FakeStore) -> None:
    result = ask(untouched, GetStartScene(task="pick_carrot", camera="front", seed=5)).result
    assert isinstance(result, StartScene)
    assert detail(untouched, result.episode_id).episode.label == "success"
    pictures = ask(untouched, GetPictures(episode_id=result.episode_id, camera="front", first=0, count=1)).result
    assert pictures == Pictures((result.picture,))
    assert (
        "no success of route_cable" in ask(untouched, GetStartScene(task="route_cable", camera="front", seed=0)).message
    )


def test_an_episode_that_another_part_closed_is_listed(store: FakeStore) -> None:
    info = first(store, ListEpisodes())
    store.add(replace(info, episode_id="new", created=WALL_S + 1))
    assert first(store, ListEpisodes()).episode_id == "new"
    assert detail(store, "new").labels == ()
