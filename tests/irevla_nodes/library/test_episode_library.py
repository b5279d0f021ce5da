"""What an operator asks of the store: lists, one episode, pictures, how a scene begins."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import cv2
import numpy as np
import pytest

from irevla.config.errors import DeadlineError, StoreError, UnknownNameError, UserError, WrongStateError
from irevla.training.store.episode import EpisodeMeta, Step
from irevla.training.store.episode_store import EpisodeStore
from irevla.training.store.index.episode_query import EpisodeQuery
from irevla_nodes.library.episode_library import EpisodeLibrary

TASK = "press_button"
Record = Callable[..., str]


@pytest.fixture
def store(tmp_path: Path) -> EpisodeStore:
    return EpisodeStore(tmp_path / "store")


@pytest.fixture
def library(store: EpisodeStore) -> EpisodeLibrary:
    return EpisodeLibrary(store)


def step(number: int, *, images: bool = True) -> Step:
    shades = {"front": np.full((40, 200, 3), 20 * number, np.uint8), "wrist": np.full((10, 20, 3), 255, np.uint8)}
    return Step(
        step=number,
        stamp_ns=1_000_000_000 + number,
        state=np.full(7, number, np.float32),
        action=np.full(7, 0.1, np.float32),
        source=2 if number == 1 else 1,
        intervention=number == 1,
        q_value=0.25,
        images=shades if images else {},
    )


@pytest.fixture
def record(store: EpisodeStore) -> Record:
    numbers: Iterator[int] = count()

    def write(episode_id: str, label: str = "success", *, steps: int = 4, images: bool = True, **meta: object) -> str:
        values = {"task": TASK, "instruction": "press", "kind": "demo", "mode": "expert", "seed": 0, "max_steps": 9}
        known = EpisodeMeta(
            episode_id=episode_id,
            created_ns=next(numbers),
            images=images,
            **{**values, **meta},  # type: ignore[arg-type]
        )
        with store.open(known) as writer:
            for number in range(steps):
                writer.append(step(number, images=images))
            writer.close(terminated=False, truncated=True, final=step(steps, images=images))
        if label:
            store.label(episode_id, label, "ada", 2.0)
        return episode_id

    return write


def break_file(store: EpisodeStore, episode_id: str) -> None:
    store.path(episode_id).write_bytes(b"no MCAP")


def test_a_list_reads_each_file_once(library: EpisodeLibrary, store: EpisodeStore, record: Record) -> None:
    record("e0")
    record("e1", "failure")
    page = library.page(EpisodeQuery(), thumbnails=True)
    assert [(card.record.episode_id, card.state, card.summary.intervention_steps) for card in page.cards] == [
        ("e1", "closed", 1),
        ("e0", "closed", 1),
    ]
    assert [card.disagreement for card in page.cards] == [0.25, 0.75]
    thumbnail = cv2.imdecode(np.frombuffer(page.cards[0].summary.thumbnail, np.uint8), cv2.IMREAD_COLOR)
    assert thumbnail.shape == (19, 96, 3)
    assert abs(int(thumbnail.mean()) - 60) < 3, "the last closed step, not the observation after it"
    break_file(store, "e0")
    assert library.page(EpisodeQuery(), thumbnails=True) == page, "what is known is not read again"


def test_a_damaged_file_is_named_and_the_others_are_listed(
    library: EpisodeLibrary, store: EpisodeStore, record: Record
) -> None:
    for name in ("e0", "e1", "e2"):
        record(name)
    break_file(store, "e1")
    store.path("e0").unlink()
    for order in ("", "disagreement"):
        cards = {card.record.episode_id: card for card in library.page(EpisodeQuery(order=order)).cards}
        assert [cards[name].state for name in ("e0", "e1", "e2")] == ["damaged", "damaged", "closed"]
        assert "not an MCAP file" in cards["e1"].reason and "cannot be read" in cards["e0"].reason
        assert math.isnan(cards["e1"].disagreement)
    assert [card.record.episode_id for card in library.page(EpisodeQuery(only_interventions=True)).cards] == ["e2"]
    with pytest.raises(StoreError, match="not an MCAP file"):
        library.get("e1")
    store.repair()
    with pytest.raises(StoreError, match="episode e1 is damaged"):
        library.get("e1")
    assert library.page(EpisodeQuery()).total == 3


def test_too_many_unread_files_are_read_in_more_than_one_answer(store: EpisodeStore, record: Record) -> None:
    for number in range(5):
        record(f"e{number}")
    seconds = count()  # each look at the clock takes a second, of which three may pass
    library = EpisodeLibrary(store, lambda: float(next(seconds)))
    with pytest.raises(DeadlineError, match="2 episodes of this list were never looked into; 3 were"):
        library.page(EpisodeQuery(order="disagreement"))
    assert len(library.page(EpisodeQuery(order="disagreement")).cards) == 5


def test_an_episode_that_is_being_recorded_is_shown_as_far_as_it_came(
    library: EpisodeLibrary, store: EpisodeStore, record: Record
) -> None:
    record("e0")
    meta = EpisodeMeta(**{**vars(store.record("e0").meta), "episode_id": "e1", "created_ns": 9})
    with store.open(meta) as writer:
        writer.append(step(0))
        assert [card.state for card in library.page(EpisodeQuery()).cards] == ["open", "closed"]
        assert library.get("e1").episode.steps == 1
        writer.append(step(1))
        assert library.get("e1").card.summary.intervention_steps == 1
        writer.abort("the arm hit a reflex")
    newest = library.page(EpisodeQuery(limit=1)).cards[0]
    assert (newest.state, newest.reason, newest.summary.intervention_steps) == ("aborted", "the arm hit a reflex", 1)


def test_one_episode_comes_with_its_label_log_and_arrays(
    library: EpisodeLibrary, store: EpisodeStore, record: Record
) -> None:
    record("e0")
    store.label("e0", "failure", "bob")
    detail = library.get("e0")
    assert [(change.new, change.who, change.delay_s) for change in detail.labels] == [
        ("success", "ada", 2.0),
        ("failure", "bob", None),
    ]
    assert (detail.cameras, detail.card.summary.q_last) == (("front", "wrist"), 0.25)
    assert detail.episode.sources.tolist() == [1, 2, 1, 1]
    assert detail.episode.images == {}
    with pytest.raises(UnknownNameError, match="e0"):
        library.get("e7")


def test_pictures_are_those_of_the_rows_and_never_enlarged(library: EpisodeLibrary, record: Record) -> None:
    record("e0")
    pictures = library.pictures("e0", "front", first=1, count=2, width_px=50)
    assert [picture.stamp_ns for picture in pictures] == [1_000_000_001, 1_000_000_002]
    shown = [cv2.imdecode(np.frombuffer(picture.data, np.uint8), cv2.IMREAD_COLOR) for picture in pictures]
    assert [image.shape for image in shown] == [(10, 50, 3)] * 2
    assert [round(float(image.mean()), -1) for image in shown] == [20, 40]
    (small,) = library.pictures("e0", "wrist", first=3, count=1, width_px=500)
    assert cv2.imdecode(np.frombuffer(small.data, np.uint8), cv2.IMREAD_COLOR).shape == (10, 20, 3)
    assert [one.stamp_ns for one in library.pictures("e0", "front", first=3, count=100)] == [1_000_000_003]
    assert library.pictures("e0", "front", first=4, count=1) == ()


def test_pictures_that_cannot_be_are_refused_in_words(library: EpisodeLibrary, record: Record) -> None:
    record("e0")
    record("blind", images=False)
    with pytest.raises(UserError, match="1 to 100 pictures an answer, got 101"):
        library.pictures("e0", "front", first=0, count=101)
    with pytest.raises(UserError, match="got 0"):
        library.pictures("e0", "front", first=0, count=0)
    with pytest.raises(UnknownNameError, match="did you mean 'front'"):
        library.pictures("e0", "frunt", first=0, count=1)
    with pytest.raises(WrongStateError, match="no pictures"):
        library.pictures("blind", "front", first=0, count=1)


def test_a_file_that_was_replaced_is_opened_again(library: EpisodeLibrary, store: EpisodeStore, record: Record) -> None:
    record("e0")
    record("e1", steps=2)
    assert len(library.pictures("e0", "front", first=0, count=9)) == 4
    assert len(library.pictures("e1", "front", first=0, count=9)) == 2
    assert len(library.pictures("e0", "front", first=0, count=9)) == 4


def test_a_start_scene_is_the_first_picture_of_a_success_and_the_seed_draws_it(
    library: EpisodeLibrary, store: EpisodeStore, record: Record
) -> None:
    with pytest.raises(WrongStateError, match=r"no labelled success of press_button .*record a demonstration first"):
        library.start_scene(TASK, "front", 0)
    record("failed", "failure")
    record("other", task="open_drawer")
    record("blind", images=False)
    with pytest.raises(WrongStateError, match="record a demonstration first"):
        library.start_scene(TASK, "front", 0)
    names = {record(f"good{number}") for number in range(4)}
    drawn = [library.start_scene(TASK, "front", seed) for seed in range(30)]
    assert {picture.episode_id for picture in drawn} == names
    assert drawn == [EpisodeLibrary(store).start_scene(TASK, "front", seed) for seed in range(30)]
    assert {picture.stamp_ns for picture in drawn} == {1_000_000_000}
    record("good9")
    now = [library.start_scene(TASK, "front", seed) for seed in range(30)]
    assert all(new == old or new.episode_id == "good9" for new, old in zip(now, drawn, strict=True))


def test_a_start_scene_passes_over_a_damaged_file(library: EpisodeLibrary, store: EpisodeStore, record: Record) -> None:
    names = [record("good0"), record("good1")]
    first = library.start_scene(TASK, "front", 0).episode_id
    break_file(store, first)
    (other,) = set(names) - {first}
    assert EpisodeLibrary(store).start_scene(TASK, "front", 0).episode_id == other
    with pytest.raises(UnknownNameError, match="available: front, wrist"):
        library.start_scene(TASK, "ceiling", 0)
    with pytest.raises(UnknownNameError, match="did you mean 'press_button'"):
        library.start_scene("press_buton", "front", 0)
