"""The SQLite file beside the episodes: who may read or write it; an older one is brought up to date as it is opened."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from irevla.config.errors import StoreError
from irevla.training.store.index.schema import APPLICATION_ID, MIGRATIONS, VERSION, statements


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
            for script in MIGRATIONS[self._version(connection) :]:  # none, where somebody was faster
                for statement in statements(script):
                    connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
            connection.execute("COMMIT")
        finally:
            connection.close()

    def _version(self, connection: sqlite3.Connection) -> int:
        """Return the version of the tables, 0 in an empty file; raises StoreError for another program's or a newer."""
        # Tables first: whoever makes the store meanwhile commits them together with the id.
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if application == APPLICATION_ID:
            if version > VERSION:
                raise StoreError(
                    f"{self.path}: store version {version}, this irevla reads up to {VERSION}; "
                    "use the irevla that wrote it"
                )
            return version
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
