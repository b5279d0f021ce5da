"""Verify names what is wrong, repair mends it and never deletes."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from irevla.config.errors import StoreError
from irevla.training.store.episode import EpisodeMeta, Step
from irevla.training.store.episode_store import EpisodeStore

Record = Callable[..., EpisodeMeta]
MakeMeta = Callable[..., EpisodeMeta]
MakeStep = Callable[..., Step]


def kinds(store: EpisodeStore) -> list[tuple[str, str]]:
    return [(problem.kind, problem.path.name) for problem in store.verify()]


def test_a_healthy_store_has_no_problem(store: EpisodeStore, record: Record) -> None:
    record("e0", label="success")
    record("e1")
    assert store.verify() == []
    assert store.repair() == []


def test_a_lost_index_is_made_again_from_the_files(store: EpisodeStore, record: Record, tmp_path: Path) -> None:
    metas = [record("e0", label="success"), record("e1", steps=1)]
    before = store.records()
    (store.root / "index.sqlite").rename(tmp_path / "index.sqlite")
    again = EpisodeStore(store.root)
    assert kinds(again) == [("unindexed", "e0.mcap"), ("unindexed", "e1.mcap")]
    again.repair()
    assert again.verify() == []
    assert [found.meta for found in again.records()] == metas
    assert [found.sha256 for found in again.records()] == [found.sha256 for found in before]
    assert [found.label for found in again.records()] == ["", ""], "labels live in the index alone"


def test_foreign_files_are_moved_aside_and_kept(store: EpisodeStore, record: Record) -> None:
    record("e0")
    shutil.copy(store.path("e0"), store.path("copy_of_e0"))
    (store.folder / "notes.txt").write_text("mine")
    store.path("song").write_bytes(b"ID3 not an episode")
    assert [kind for kind, _ in kinds(store)] == ["foreign"] * 3
    assert len(store.repair()) == 3
    assert store.verify() == []
    assert sorted(path.name for path in store.aside.iterdir()) == ["copy_of_e0.mcap", "notes.txt", "song.mcap"]
    assert (store.aside / "notes.txt").read_text() == "mine"
    (store.folder / "notes.txt").write_text("mine too")
    store.repair()
    assert (store.aside / "notes.txt.1").read_text() == "mine too"


@pytest.mark.parametrize("harm", ["gone", "cut", "one_bit", "overwritten"])
def test_a_harmed_success_leaves_training_until_its_file_is_back(
    store: EpisodeStore, record: Record, tmp_path: Path, harm: str
) -> None:
    record("e0", label="success")
    record("e1", label="success")
    path, saved = store.path("e0"), tmp_path / "saved"
    shutil.copy(path, saved)
    data = saved.read_bytes()
    if harm == "gone":
        path.unlink()
    elif harm == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif harm == "one_bit":
        path.write_bytes(data[:-3000] + bytes([data[-3000] ^ 1]) + data[-2999:])
    else:
        path.write_bytes(b"not an MCAP at all")
    assert kinds(store) == [("missing" if harm == "gone" else "damaged", "e0.mcap")]
    store.repair()
    assert [found.episode_id for found in store.records(label="success")] == ["e1"]
    assert [kind for kind, _ in kinds(store)] == ["damaged"], "still said, as long as the file is not back"
    shutil.copy(saved, path)
    assert kinds(store) == [("drift", "e0.mcap")]
    store.repair()
    assert [found.episode_id for found in store.records(label="success")] == ["e0", "e1"]
    assert store.verify() == []


@pytest.mark.parametrize("harm", ["gone", "cut"])
def test_reading_a_harmed_episode_is_an_error_that_says_what_to_do(
    store: EpisodeStore, record: Record, harm: str
) -> None:
    record("e0", label="success")
    path = store.path("e0")
    data = path.read_bytes()
    path.unlink()
    if harm == "cut":
        path.write_bytes(data[:-1])
    with pytest.raises(StoreError, match="irevla episodes verify"):
        store.read("e0")


@pytest.mark.parametrize(
    "change", ["steps = 99", "terminated = 1", "state = 'open'", "task = 'x', meta = replace(meta, 'pick_red', 'x')"]
)
def test_an_index_that_differs_follows_the_file(store: EpisodeStore, record: Record, change: str) -> None:
    record("e0", label="failure")
    before = store.record("e0")
    connection = sqlite3.connect(store.root / "index.sqlite")
    with connection:
        connection.execute(f"UPDATE episodes SET {change}")
    connection.close()
    assert kinds(store) == [("drift", "e0.mcap")]
    store.repair()
    assert store.verify() == []
    assert store.record("e0") == before


def test_the_torn_step_of_a_dead_writer_is_kept_aside(
    store: EpisodeStore, make_meta: MakeMeta, make_step: MakeStep
) -> None:
    writer = store.open(make_meta())
    writer.append(make_step(0))
    with store.path("e0").open("ab") as file:
        file.write(b"\x05half a record")
    writer._file.close()  # as its death would
    assert kinds(store) == [("torn", "e0.mcap")]
    (sentence,) = store.recover()
    assert "closed with 1 steps" in sentence
    assert (store.aside / "e0.mcap.tail").read_bytes() == b"\x05half a record"
    found = store.record("e0")
    assert (found.state, found.label, found.terminated, found.truncated) == ("closed", "", False, True)
    assert "writer died" in found.reason
    assert store.verify() == []


def test_a_writer_that_died_before_its_first_step_leaves_an_aborted_episode(
    store: EpisodeStore, make_meta: MakeMeta
) -> None:
    store.open(make_meta())._file.close()
    store.recover()
    assert store.record("e0").state == "aborted"
    assert store.records(label="") == []
    assert store.verify() == []


def test_recover_leaves_foreign_names_to_repair_and_does_not_read_closed_files(
    store: EpisodeStore, record: Record
) -> None:
    record("e0", label="success")
    store.path("e0").write_bytes(b"harmed")
    assert store.recover() == []
    assert store.record("e0").state == "closed"
