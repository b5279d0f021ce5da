"""Labels: an append-only log, seen at once by every reader, and the only door to training."""

import sqlite3
import time
from collections.abc import Callable

import pytest

from irevla.config.errors import UnknownNameError, UserError, WrongStateError
from irevla.training.store.episode import EpisodeMeta, Step
from irevla.training.store.episode_store import EpisodeStore

Record = Callable[..., EpisodeMeta]
MakeMeta = Callable[..., EpisodeMeta]
MakeStep = Callable[..., Step]


def test_an_episode_is_training_data_only_with_its_label(store: EpisodeStore, record: Record) -> None:
    record("e0")
    assert store.records(label="success") == []
    assert [found.episode_id for found in store.records(label="")] == ["e0"]
    store.label("e0", "success", "ann")
    assert [found.episode_id for found in store.records(label="success")] == ["e0"]
    assert store.records(label="") == []


def test_a_relabel_is_seen_at_once_by_another_reader(store: EpisodeStore, record: Record) -> None:
    record("e0", label="success")
    reader = EpisodeStore(store.root)
    newest = reader.changes_since(0)[-1][0]
    assert reader.read("e0").rewards.tolist() == [0.0, 0.0, 1.0]
    store.label("e0", "failure", "bob")
    assert reader.records(label="success") == []
    assert reader.changes_since(newest) == [(newest + 1, "e0", "failure")]
    episode = reader.read("e0")
    assert episode.rewards.tolist() == [0.0, 0.0, 0.0]
    assert (episode.terminated, episode.truncated) == (False, True)


def test_a_success_is_a_real_end(store: EpisodeStore, record: Record) -> None:
    record("e0", label="success")
    episode, found = store.read("e0"), store.record("e0")
    assert (episode.terminated, episode.truncated) == (True, False)
    assert (found.terminated, found.truncated) == (True, False)


def test_the_log_keeps_who_when_and_what_was_before(store: EpisodeStore, record: Record) -> None:
    before = time.time_ns()
    record("e0", label="success")
    store.label("e0", "failure", "bob")
    store.label("e0", "failure", "bob")  # said twice, changes nothing
    store.undo_label("e0", "cat")
    history = store.labels("e0")
    assert [(change.old, change.new, change.who) for change in history] == [
        ("", "success", "tester"),
        ("success", "failure", "bob"),
        ("failure", "success", "cat"),
    ]
    assert before <= history[0].when_ns <= history[1].when_ns <= history[2].when_ns <= time.time_ns()
    assert store.record("e0").change == history[-1].change


def test_undo_of_the_first_label_takes_the_episode_out_again(store: EpisodeStore, record: Record) -> None:
    record("e0", label="success")
    store.undo_label("e0", "ann")
    assert store.records(label="success") == []
    assert store.changes_since(0)[-1][1:] == ("e0", "")
    with pytest.raises(WrongStateError, match="no label to undo"):
        record("e1")
        store.undo_label("e1", "ann")


@pytest.mark.parametrize("statement", ["UPDATE labels SET new = 'failure'", "DELETE FROM labels"])
def test_the_log_cannot_be_rewritten(store: EpisodeStore, record: Record, statement: str) -> None:
    record("e0", label="success")
    connection = sqlite3.connect(store.root / "index.sqlite")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)
    connection.close()
    assert store.record("e0").label == "success"


def test_an_open_or_aborted_episode_takes_no_label(
    store: EpisodeStore, make_meta: MakeMeta, make_step: MakeStep
) -> None:
    writer = store.open(make_meta())
    writer.append(make_step(0))
    with pytest.raises(WrongStateError, match="is open"):
        store.label("e0", "success", "ann")
    writer.abort("the arm hit a reflex")
    with pytest.raises(WrongStateError, match="the arm hit a reflex"):
        store.label("e0", "success", "ann")
    assert store.read("e0").steps == 1
    assert store.records(label="") == []
    assert store.verify() == []


def test_a_block_that_fails_aborts_its_episode(store: EpisodeStore, make_meta: MakeMeta, make_step: MakeStep) -> None:
    with pytest.raises(RuntimeError):
        with store.open(make_meta()) as writer:
            writer.append(make_step(0))
            raise RuntimeError("camera gone")
    assert store.record("e0").state == "aborted"
    assert store.record("e0").reason == "RuntimeError: camera gone"


def test_wrong_names_are_refused_with_what_is_known(store: EpisodeStore, record: Record) -> None:
    record("pick_1")
    with pytest.raises(UnknownNameError, match="did you mean 'success'"):
        store.label("pick_1", "succes", "ann")
    with pytest.raises(UnknownNameError, match="pick_1"):
        store.label("pick_2", "success", "ann")
    with pytest.raises(UserError, match="who labels"):
        store.label("pick_1", "success", "  ")


def test_an_id_is_used_once(store: EpisodeStore, record: Record, make_meta: MakeMeta) -> None:
    record("e0")
    with pytest.raises(WrongStateError, match="use a new id"):
        store.open(make_meta("e0"))
    assert store.read("e0").steps == 3


def test_records_are_filtered_and_ordered_by_creation(store: EpisodeStore, record: Record) -> None:
    record("b", created_ns=2, kind="demo", label="success")
    record("a", created_ns=3, task="open_drawer", model_hash="m1", label="success")
    record("c", created_ns=1, label="failure")
    assert [found.episode_id for found in store.records()] == ["c", "b", "a"]
    assert [found.episode_id for found in store.records(kind="demo")] == ["b"]
    assert [found.episode_id for found in store.records(task="open_drawer", label="success")] == ["a"]
    assert [found.episode_id for found in store.records(model_hash="m1")] == ["a"]
    assert [found.episode_id for found in store.records(label="success")] == ["b", "a"]
