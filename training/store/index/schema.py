"""The index's tables, as the changes that made them: a store of any older version is brought up by those it lacks."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

APPLICATION_ID = 0x69726556  # "ireV"

FIRST = """
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

TIMES_AND_SUMMARIES = """
ALTER TABLE labels ADD COLUMN delay_s REAL;    -- end of the episode -> its first label; NULL for a relabel
ALTER TABLE episodes ADD COLUMN reset_s REAL;  -- NULL where it was not measured, here and below
ALTER TABLE episodes ADD COLUMN run_s REAL;
CREATE TABLE summaries (             -- a cache: what a list shows of an episode's file
    episode_id TEXT PRIMARY KEY REFERENCES episodes (episode_id),
    sha256 TEXT NOT NULL,            -- of the file it was made from; another one makes it void
    intervention_steps INTEGER NOT NULL,
    q_last REAL,                     -- NULL without a critic
    has_images INTEGER NOT NULL,
    thumbnail BLOB NOT NULL          -- JPEG, empty without pictures
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

MIGRATIONS = (FIRST, TIMES_AND_SUMMARIES, PROMOTIONS)
"""Script n brings a store from version n to n + 1. Never change one that was released: append."""

VERSION = len(MIGRATIONS)


def statements(script: str) -> Iterator[str]:
    """Yield each statement; unlike executescript this leaves the transaction open."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
