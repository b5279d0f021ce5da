"""Which episodes a list shows, page by page; what it shows of a file is read once."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from irevla.config.errors import StoreError, UnknownNameError, UserError
from irevla.training.store.episode import EpisodeMeta, Step
from irevla.training.store.episode_store import EpisodeStore
from irevla.training.store.index.episode_query import EpisodeQuery

MakeMeta = Callable[..., EpisodeMeta]
MakeStep = Callable[..., Step]
COUNT = 13


@pytest.fixture
def write(store: EpisodeStore, make_meta: MakeMeta, make_step: MakeStep) -> Callable[..., None]:
    """Record an episode of two steps whose last one has ``q``, label it, and look into its file."""

    def write(
        episode_id: str, label: str = "", q: float = math.nan, *, taken_over: bool = False, **meta: object
    ) -> None:
        picture = {"front": np.full((120, 160, 3), 200, np.uint8), "wrist": np.zeros((8, 8, 3), np.uint8)}
        with store.open(make_meta(episode_id, **meta)) as writer:
            writer.append(make_step(0, intervention=taken_over))
            writer.append(make_step(1, q_value=q, images=picture))
            writer.close(terminated=False, truncated=True)
        if label:
            store.label(episode_id, label, "ann")
        record = store.record(episode_id)
        store.summarize(record, store.file(record))

    return write


def ids(store: EpisodeStore, **fields: object) -> list[str]:
    page = store.page(EpisodeQuery(**fields))  # type: ignore[arg-type]
    return [record.episode_id for record, _ in page.episodes]


def test_words_choose_episodes_newest_first(
    store: EpisodeStore, write: Callable[..., None], make_meta: MakeMeta
) -> None:
    write("a", "success", created_ns=1, kind="demo")
    write("b", "failure", created_ns=2, model_hash="m1")
    write("C", created_ns=3, task="open_drawer", instruction="Öffne die 100% rote_Lade \N{ROBOT FACE}")
    with store.open(make_meta("d", created_ns=4)):
        assert ids(store) == ["d", "C", "b", "a"]
        assert ids(store, label="unlabelled") == ["C"], "an open episode does not await a label yet"
    assert ids(store, label="success") == ["a"]
    assert ids(store, kind="demo") == ["a"]
    assert ids(store, task="open_drawer") == ["C"]
    assert ids(store, model_hash="m1") == ["b"]
    assert ids(store, search="RED BLOCK") == ["d", "b", "a"]
    assert ids(store, search="ROTE_lade \N{ROBOT FACE}") == ["C"]
    assert ids(store, search="%") == ["C"], "a wildcard is a letter like any other"
    assert ids(store, search="'; DROP TABLE episodes") == []


def test_the_critic_and_the_label_disagree_by_what_is_between_them(
    store: EpisodeStore, write: Callable[..., None]
) -> None:
    write("right", "success", 0.75, created_ns=1)
    write("wrong", "success", 0.25, created_ns=2)
    write("feared", "failure", 0.5, created_ns=3, taken_over=True)
    write("thrown", "discard", 1.0, created_ns=4)
    write("blind", "failure", created_ns=5)
    assert ids(store, min_disagreement=0.5) == ["feared", "wrong"]
    assert ids(store, order="disagreement") == ["wrong", "feared", "right", "blind", "thrown"]
    assert ids(store, only_interventions=True) == ["feared"]
    store.label("wrong", "failure", "ann")
    assert ids(store, min_disagreement=0.5) == ["feared"], "a relabel counts at once"
    page = store.page(EpisodeQuery(label="success"))
    ((record, summary),) = page.episodes
    assert summary is not None
    assert (summary.q_last, summary.disagreement(record.label)) == (0.75, 0.25)
    assert math.isnan(summary.disagreement("discard"))


def test_a_summary_has_a_small_picture_and_is_made_once(store: EpisodeStore, write: Callable[..., None]) -> None:
    write("a", "success", 0.5, taken_over=True)
    ((_, bare),) = store.page(EpisodeQuery()).episodes
    ((_, summary),) = store.page(EpisodeQuery(), thumbnails=True).episodes
    assert bare is not None and bare.thumbnail == b""
    assert summary is not None and summary.thumbnail[:2] == b"\xff\xd8", "a JPEG"
    assert (summary.intervention_steps, summary.has_images) == (1, True)
    assert store.unsummarized(EpisodeQuery()) == []
    store.path("a").unlink()  # the list does not need the file any more
    assert store.page(EpisodeQuery(), thumbnails=True).episodes[0][1] == summary


def test_a_summary_of_another_file_is_none(store: EpisodeStore, record: Callable[..., EpisodeMeta]) -> None:
    record("a")
    found = store.record("a")
    summary = store.summarize(found, store.file(found))
    assert math.isnan(summary.q_last) and not summary.has_images and summary.thumbnail == b""
    connection = sqlite3.connect(store.root / "index.sqlite")
    connection.execute("UPDATE episodes SET sha256 = 'of the file that came back from a copy'")
    connection.commit()
    connection.close()
    assert store.page(EpisodeQuery()).episodes[0][1] is None
    assert [one.episode_id for one in store.unsummarized(EpisodeQuery())] == ["a"]


def test_a_file_that_was_changed_is_not_read(store: EpisodeStore, write: Callable[..., None]) -> None:
    write("a")
    data = bytearray(store.path("a").read_bytes())
    data[len(data) // 2] ^= 0xFF
    store.path("a").write_bytes(data)
    with pytest.raises(StoreError, match="other sha256"):
        store.file(store.record("a"))


@pytest.mark.parametrize(
    ("fields", "error", "words"),
    [
        ({"label": "sucess"}, UnknownNameError, "did you mean 'success'"),
        ({"kind": "demos"}, UnknownNameError, "did you mean 'demo'"),
        ({"order": "oldest"}, UnknownNameError, "available: disagreement"),
        ({"min_disagreement": math.nan}, UserError, "0 or more"),
        ({"limit": 1001}, UserError, "limit of 1 to 1000"),
        ({"offset": -1}, UserError, "offset of 0 or more"),
    ],
)
def test_a_question_that_cannot_be_is_refused(fields: dict[str, object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        EpisodeQuery(**fields)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> EpisodeStore:
    """Episodes of a few moments, labels and critics, so that most orders have equals."""
    store = EpisodeStore(Path(tmp_path_factory.mktemp("many")) / "store")
    for number in range(COUNT):
        meta = EpisodeMeta(
            episode_id=f"e{number}",
            task="press_button",
            instruction="press",
            kind="rl",
            mode="policy",
            seed=0,
            created_ns=number // 3,
            max_steps=9,
        )
        nothing = np.zeros(7, np.float32)
        q = (math.nan, 0.0, 0.5, 0.5)[number % 4]
        with store.open(meta) as writer:
            writer.append(
                Step(step=0, stamp_ns=0, state=nothing, action=nothing, q_value=q, intervention=number % 2 == 0)
            )
            writer.close(terminated=False, truncated=True)
        if label := ("", "success", "failure")[number % 3]:
            store.label(meta.episode_id, label, "ann")
        record = store.record(meta.episode_id)
        store.summarize(record, store.file(record))
    return store


@given(
    size=st.integers(1, COUNT + 1),
    label=st.sampled_from(["", "success", "unlabelled"]),
    order=st.sampled_from(["", "disagreement"]),
    only=st.booleans(),
    least=st.sampled_from([0.0, 0.5]),
)
def test_the_pages_together_are_the_whole(
    many: EpisodeStore, size: int, label: str, order: str, only: bool, least: float
) -> None:
    fields = {"label": label, "order": order, "only_interventions": only, "min_disagreement": least}
    whole = many.page(EpisodeQuery(**fields))  # type: ignore[arg-type]
    pages = [
        many.page(EpisodeQuery(**fields, offset=offset, limit=size))  # type: ignore[arg-type]
        for offset in range(0, COUNT + 1, size)
    ]
    assert [one for page in pages for one in page.episodes] == list(whole.episodes)
    assert {page.total for page in pages} == {whole.total} == {len(whole.episodes)}
