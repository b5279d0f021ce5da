"""A store of an older version: opened, brought up to date in one transaction, nothing of it lost."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from irevla.config.errors import StoreError
from irevla.training.store.episode import EpisodeMeta, Step
from irevla.training.store.episode_store import EpisodeStore
from irevla.training.store.index import index as index_module
from irevla.training.store.index.episode_query import EpisodeQuery
from irevla.training.store.index.schema import MIGRATIONS, VERSION

Record = Callable[..., EpisodeMeta]
MakeMeta = Callable[..., EpisodeMeta]
MakeStep = Callable[..., Step]

# As irevla wrote it in version 1, word for word: this text never changes.
V1 = """
CREATE TABLE episodes (
    episode_id TEXT PRIMARY KEY,
    task TEXT NOT NULL,
    kind TEXT NOT NULL,
    model_hash TEXT NOT NULL,
    created_ns INTEGER NOT NULL,
    meta TEXT NOT NULL,              -- JSON of EpisodeMeta.as_strings()
    state TEXT NOT NULL CHECK (state IN ('open', 'closed', 'aborted', 'damaged')),
    steps INTEGER NOT NULL DEFAULT 0,
    terminated INTEGER NOT NULL DEFAULT 0,
    truncated INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    sha256 TEXT NOT NULL DEFAULT ''
);
CREATE INDEX episodes_by_task ON episodes (task, kind, created_ns);
CREATE TABLE labels (
    change INTEGER PRIMARY KEY AUTOINCREMENT,
    episode_id TEXT NOT NULL REFERENCES episodes (episode_id),
    old TEXT NOT NULL,
    new TEXT NOT NULL CHECK (new IN ('success', 'failure', 'discard', '')),
    who TEXT NOT NULL,
    when_ns INTEGER NOT NULL
);
CREATE INDEX labels_by_episode ON labels (episode_id, change);
CREATE TRIGGER labels_never_change BEFORE UPDATE ON labels
    BEGIN SELECT RAISE(ABORT, 'the label log is append-only'); END;
CREATE TRIGGER labels_never_go BEFORE DELETE ON labels
    BEGIN SELECT RAISE(ABORT, 'the label log is append-only'); END;
CREATE TABLE rounds (
    round_id TEXT PRIMARY KEY,
    stage INTEGER NOT NULL,
    parent_hash TEXT NOT NULL,
    data_hash TEXT NOT NULL,
    episodes TEXT NOT NULL,          -- JSON {"expert": [ids], "online": [ids]}
    started_ns INTEGER NOT NULL
);
CREATE TABLE models (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    path TEXT NOT NULL,
    model_hash TEXT NOT NULL,
    parent_hash TEXT NOT NULL,
    stage INTEGER NOT NULL,
    data_hash TEXT NOT NULL,
    evaluation TEXT NOT NULL,        -- JSON
    added_ns INTEGER NOT NULL
);
"""
PRAGMAS = f"PRAGMA application_id = {0x69726556}; PRAGMA user_version = 1; PRAGMA journal_mode = WAL;"
EPISODE_COLUMNS = (
    "episode_id, task, kind, model_hash, created_ns, meta, state, steps, terminated, truncated, reason, sha256"
)


@pytest.fixture
def old(store: EpisodeStore, record: Record) -> Path:
    """A store with one labelled episode, its index written as version 1 did."""
    record("e0", label="success")
    path = store.root / "index.sqlite"
    now = sqlite3.connect(path)
    episodes = now.execute(f"SELECT {EPISODE_COLUMNS} FROM episodes").fetchall()
    labels = now.execute("SELECT change, episode_id, old, new, who, when_ns FROM labels").fetchall()
    now.close()
    for file in store.root.glob("index.sqlite*"):
        file.unlink()
    v1 = sqlite3.connect(path)
    v1.executescript(V1 + PRAGMAS)
    v1.executemany("INSERT INTO episodes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", episodes)
    v1.executemany("INSERT INTO labels VALUES (?, ?, ?, ?, ?, ?)", labels)
    v1.commit()
    v1.close()
    return store.root


def version(root: Path) -> int:
    connection = sqlite3.connect(root / "index.sqlite")
    found = int(connection.execute("PRAGMA user_version").fetchone()[0])
    connection.close()
    return found


def test_a_first_version_store_is_brought_up_to_date_as_it_is_opened(old: Path) -> None:
    assert version(old) == 1
    store = EpisodeStore(old, create=False)
    assert version(old) == VERSION
    found = store.record("e0")
    assert (found.label, found.label_by, found.steps) == ("success", "tester", 3)
    assert (found.reset_s, found.run_s, found.label_delay_s) == (None, None, None)
    assert store.labels("e0")[0].delay_s is None
    assert store.read("e0").rewards.tolist() == [0.0, 0.0, 1.0]
    assert store.verify() == []
    assert store.label("e0", "failure", "ann").label == "failure"
    assert store.page(EpisodeQuery()).total == 1


def test_the_label_log_stays_append_only(old: Path) -> None:
    EpisodeStore(old)
    connection = sqlite3.connect(old / "index.sqlite")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute("UPDATE labels SET delay_s = 1.0")
    connection.close()


def test_a_migration_that_fails_leaves_the_old_store_as_it_was(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = (*MIGRATIONS[:-1], MIGRATIONS[-1] + "INSERT INTO nowhere VALUES (1);\n")
    monkeypatch.setattr(index_module, "MIGRATIONS", broken)
    with pytest.raises(StoreError, match="nowhere"):
        EpisodeStore(old)
    monkeypatch.undo()
    assert version(old) == 1
    assert EpisodeStore(old).record("e0").label == "success"


def test_many_may_open_an_old_store_at_once(old: Path) -> None:
    labels: list[str] = []
    threads = [threading.Thread(target=lambda: labels.append(EpisodeStore(old).record("e0").label)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert labels == ["success"] * 8


def test_a_new_store_has_the_same_tables_as_one_that_was_brought_up(old: Path, tmp_path: Path) -> None:
    EpisodeStore(old)
    EpisodeStore(tmp_path / "new")
    columns = []
    for root in (old, tmp_path / "new"):
        connection = sqlite3.connect(root / "index.sqlite")
        tables = ("episodes", "labels", "summaries", "rounds", "models")
        columns.append([connection.execute(f"PRAGMA table_info({table})").fetchall() for table in tables])
        connection.close()
    assert columns[0] == columns[1]


def test_times_are_kept_with_the_episode_and_with_its_first_label_only(
    store: EpisodeStore, make_meta: MakeMeta, make_step: MakeStep
) -> None:
    with store.open(make_meta("e0")) as writer:
        writer.append(make_step(0))
        writer.close(terminated=False, truncated=True, reset_s=12.5, run_s=6.25)
    store.label("e0", "success", "ann", 1.5)
    store.label("e0", "failure", "bob", 99.0)
    store.undo_label("e0", "bob")
    found = store.record("e0")
    assert (found.reset_s, found.run_s, found.label_delay_s, found.label_by) == (12.5, 6.25, 1.5, "bob")
    assert [change.delay_s for change in store.labels("e0")] == [1.5, None, None]


def test_an_index_that_is_made_again_knows_the_times_from_the_files(
    store: EpisodeStore, make_meta: MakeMeta, make_step: MakeStep
) -> None:
    with store.open(make_meta("e0")) as writer:
        writer.append(make_step(0))
        writer.close(terminated=False, truncated=True, reset_s=12.5, run_s=6.25)
    for file in store.root.glob("index.sqlite*"):
        file.unlink()
    again = EpisodeStore(store.root)
    again.repair()
    assert (again.record("e0").reset_s, again.record("e0").run_s) == (12.5, 6.25)
