"""The SQLite file: shared, locked, foreign, broken or missing."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from irevla.config.errors import StoreError, UnknownNameError, WrongStateError
from irevla.training.store.episode import EpisodeMeta
from irevla.training.store.episode_store import EpisodeStore

Record = Callable[..., EpisodeMeta]


def test_a_locked_index_is_an_error_after_the_time_out(store: EpisodeStore, record: Record) -> None:
    record("e0")
    impatient = EpisodeStore(store.root, busy_timeout_s=0.1)
    holder = sqlite3.connect(store.root / "index.sqlite", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match=r"held it for more than 0\.1 s"):
        impatient.label("e0", "success", "ann")
    assert impatient.record("e0").label == "", "readers are not locked out"
    holder.execute("ROLLBACK")
    holder.close()
    assert impatient.label("e0", "success", "ann").label == "success"


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        EpisodeStore(tmp_path)
    assert path.read_bytes() == before


def test_a_broken_database_says_how_to_go_on(tmp_path: Path) -> None:
    (tmp_path / "index.sqlite").write_bytes(b"no database" * 100)
    with pytest.raises(StoreError, match="move it away and run `irevla episodes repair`"):
        EpisodeStore(tmp_path)


def test_a_newer_store_is_refused(store: EpisodeStore) -> None:
    connection = sqlite3.connect(store.root / "index.sqlite")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="version 99"):
        EpisodeStore(store.root)


def test_reading_where_no_store_is_makes_none(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no episode store here"):
        EpisodeStore(tmp_path / "nothing", create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="choose another folder"):
        EpisodeStore(tmp_path / "file" / "store")


def test_a_store_that_is_deleted_under_us_is_not_made_again(store: EpisodeStore) -> None:
    (store.root / "index.sqlite").unlink()
    with pytest.raises(StoreError, match="no store here"):
        store.records()


def test_many_may_make_the_same_store_at_once(tmp_path: Path) -> None:
    errors: list[BaseException] = []

    def make() -> None:
        try:
            EpisodeStore(tmp_path / "store").records()
        except StoreError as error:
            errors.append(error)

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []


def test_the_store_is_free_of_torch() -> None:
    code = (
        "import sys, irevla.training.store.episode_store, irevla.training.store.clip\n"
        "import irevla.training.commands.episodes\n"
        "assert not {'torch', 'transformers', 'peft', 'rclpy', 'irevla_dds'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_free_space_is_that_of_the_disk(store: EpisodeStore) -> None:
    assert store.free_mb() > 0


def test_the_data_hash_is_of_files_and_labels_whatever_the_order(store: EpisodeStore, record: Record) -> None:
    record("e0", label="success")
    record("e1", label="success")
    first = store.data_hash(["e0", "e1"])
    assert store.data_hash(["e1", "e0", "e1"]) == first
    assert store.data_hash(["e0"]) != first
    store.label("e1", "failure", "ann")
    assert store.data_hash(["e0", "e1"]) != first
    with pytest.raises(UnknownNameError, match="e7"):
        store.data_hash(["e0", "e7"])


def test_a_round_resumes_only_with_the_same_data(store: EpisodeStore, record: Record) -> None:
    record("e0", label="success")
    record("e1", label="success")
    first = store.add_round("r0", stage=2, parent_hash="p", expert=["e0"], online=["e1"])
    assert store.add_round("r0", stage=2, parent_hash="p", expert=["e0"], online=["e1"]) == first
    assert (first.expert, first.online, first.data_hash) == (("e0",), ("e1",), store.data_hash(["e0", "e1"]))
    with pytest.raises(WrongStateError, match="new round id"):
        store.add_round("r0", stage=2, parent_hash="p", expert=["e0"], online=[])
    assert store.rounds() == [first]


def test_models_keep_their_line(store: EpisodeStore) -> None:
    evaluation = {"pick_red_block": {"success": 0.8, "n": 50, "low": 0.67, "high": 0.89}}
    first = store.add_model("runs/m0", "a" * 64, "", 0, "d" * 64, evaluation)
    second = store.add_model("runs/m1", "b" * 64, "a" * 64, 1, "", {})
    assert store.models() == [first, second]
    assert store.models()[0].evaluation == evaluation
    assert store.models()[1].parent_hash == first.model_hash
