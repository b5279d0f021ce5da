"""The SQLite file beside the episodes: who may read or write it, and its tables."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from irevla.config.errors import StoreError

APPLICATION_ID = 0x69726556  # "ireV"
SCHEMA = """
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
PROMOTIONS = """
CREATE TABLE promotions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    model_hash TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    who TEXT NOT NULL,
    why TEXT NOT NULL,
    is_rollback INTEGER NOT NULL,
    when_ns INTEGER NOT NULL
);
CREATE TRIGGER promotions_never_change BEFORE UPDATE ON promotions
    BEGIN SELECT RAISE(ABORT, 'the log of promotions is append-only'); END;
CREATE TRIGGER promotions_never_go BEFORE DELETE ON promotions
    BEGIN SELECT RAISE(ABORT, 'the log of promotions is append-only'); END;
CREATE TABLE comparisons (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    old_hash TEXT NOT NULL,
    new_hash TEXT NOT NULL,
    who TEXT NOT NULL,
    pairs TEXT NOT NULL,             -- JSON [{"task", "seed", "old_episode", "new_episode"}]; labels are in labels
    when_ns INTEGER NOT NULL
);
CREATE TRIGGER comparisons_never_change BEFORE UPDATE ON comparisons
    BEGIN SELECT RAISE(ABORT, 'comparisons are append-only'); END;
CREATE TRIGGER comparisons_never_go BEFORE DELETE ON comparisons
    BEGIN SELECT RAISE(ABORT, 'comparisons are append-only'); END;
"""
VERSIONS = (SCHEMA, PROMOTIONS)  # what each version adds to the one before
VERSION = len(VERSIONS)


class Index:
    """Short transactions on the store's SQLite file (WAL); any process and thread may hold one.

    A connection lives as long as its transaction, so nothing is shared between threads and no lock outlives a call.
    """

    def __init__(self, path: Path, *, create: bool, busy_timeout_s: float) -> None:
        self.path = path
        self._busy_timeout_s = busy_timeout_s
        if create and not path.exists():
            path.touch()
        with self._errors():
            self._prepare()

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection that sees one state of the index; raises StoreError."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Yield the only writing connection; on the disk when the block ends, undone if it raises."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    def check(self) -> str:
        """Return SQLite's own verdict on the file: "ok", or what is broken."""
        with self.read() as connection:
            return "; ".join(str(row[0]) for row in connection.execute("PRAGMA quick_check(5)"))

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._errors():
            connection = self._connect()
            try:
                connection.execute(begin)
                yield connection
                connection.execute("COMMIT")
            finally:
                connection.close()  # an unfinished transaction is rolled back

    def _connect(self) -> sqlite3.Connection:
        # mode=rw: a store that is deleted under us is an error, not a new empty store.
        uri = f"file:{quote(str(self.path.absolute()))}?mode=rw"
        connection = sqlite3.connect(uri, uri=True, timeout=self._busy_timeout_s, isolation_level=None)
        try:
            # FULL: a label whose call returned survives a power cut too (WAL's default may lose the last commits).
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
        except sqlite3.Error:
            connection.close()
            raise
        connection.row_factory = sqlite3.Row
        return connection

    def _prepare(self) -> None:
        connection = self._connect()
        try:
            if self._version(connection) == VERSION:
                return
            self._switch_to_wal(connection)
            connection.execute("BEGIN IMMEDIATE")
            for script in VERSIONS[self._version(connection) :]:  # none, if somebody was faster
                for statement in _statements(script):
                    connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
            connection.execute("COMMIT")
        finally:
            connection.close()

    def _version(self, connection: sqlite3.Connection) -> int:
        """Return the tables' version, 0 without any; raises StoreError for another program's file or a newer one."""
        # Tables first: whoever makes the store meanwhile commits them together with the id.
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if application == APPLICATION_ID:
            if not 1 <= version <= VERSION:
                raise StoreError(
                    f"{self.path}: store version {version}, this irevla reads 1 to {VERSION}; "
                    "use the irevla that wrote it"
                )
            return int(version)
        if tables:
            raise StoreError(f"{self.path}: an SQLite file of another program; choose another folder for the store")
        return 0

    def _switch_to_wal(self, connection: sqlite3.Connection) -> None:
        # SQLite answers "busy" at once when two processes switch at the same time: its own waiting does not apply.
        deadline = time.monotonic() + self._busy_timeout_s
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(self._explain(error)) from error

    def _explain(self, error: sqlite3.Error) -> str:
        text = str(error)
        if "locked" in text:
            return (
                f"{self.path}: another process held it for more than {self._busy_timeout_s:g} s; close the program "
                "that has it open (an SQLite browser?) and try again"
            )
        if "not a database" in text or "malformed" in text:
            return (
                f"{self.path}: not a readable SQLite file ({text}); move it away and run `irevla episodes repair`: "
                "episodes are found again from their files, labels must come from a copy of the index"
            )
        if "unable to open" in text:
            return f"{self.path}: there is no store here ({text}); expected a folder that irevla recorded into"
        return f"{self.path}: {text}"


def _statements(script: str) -> Iterator[str]:
    """Yield each statement; unlike executescript this leaves the transaction open."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
