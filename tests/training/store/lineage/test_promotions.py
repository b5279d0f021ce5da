"""The logs of promotions and comparisons: appended to, never changed, and added to older stores."""

import sqlite3
from pathlib import Path

import pytest

from irevla.training.store.episode_store import EpisodeStore
from irevla.training.store.index.schema import APPLICATION_ID, FIRST, VERSION
from irevla.training.store.lineage.comparisons import Pair


def test_each_promotion_knows_the_model_before_it(store: EpisodeStore) -> None:
    first = store.promotions.add("a", "ann", "the first")
    second = store.promotions.add("b", "bob", "")
    assert (first.previous_hash, second.previous_hash) == ("", "a")
    assert store.promotions.records() == [first, second]
    assert (second.who, second.why, second.is_rollback) == ("bob", "", False)


def test_a_roll_back_takes_the_newest_model_off_the_line(store: EpisodeStore) -> None:
    for name in "abc":
        store.promotions.add(name, "ann", "")
    back = store.promotions.add("b", "ann", "c was worse", is_rollback=True)
    assert (back.previous_hash, store.promotions.line()) == ("c", ["a", "b"])
    store.promotions.add("a", "ann", "", is_rollback=True)
    assert store.promotions.line() == ["a"]
    store.promotions.add("c", "ann", "again")
    assert store.promotions.line() == ["a", "c"]
    assert len(store.promotions.records()) == 6


def test_comparisons_keep_their_pairs(store: EpisodeStore) -> None:
    pairs = [Pair("pick_red_block", 7, "e1", "e2"), Pair("press_button", 7, "e3", "e4")]
    store.comparisons.add("a", "b", "ann", pairs)
    (found,) = store.comparisons.records()
    assert (found.old_hash, found.new_hash, found.who, found.pairs) == ("a", "b", "ann", tuple(pairs))


@pytest.mark.parametrize("statement", ["UPDATE {} SET who = 'eve'", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["promotions", "comparisons"])
def test_nobody_rewrites_the_logs(store: EpisodeStore, table: str, statement: str) -> None:
    store.promotions.add("a", "ann", "")
    store.comparisons.add("a", "b", "ann", [])
    connection = sqlite3.connect(store.root / "index.sqlite")
    try:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(statement.format(table))
    finally:
        connection.close()


def test_a_store_of_version_1_gets_the_new_tables_and_keeps_what_it_has(tmp_path: Path) -> None:
    (tmp_path / "episodes").mkdir()
    connection = sqlite3.connect(tmp_path / "index.sqlite")
    connection.executescript(
        f"{FIRST} PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 1;"
        "INSERT INTO models VALUES (1, 'runs/m0', 'a', '', 0, '', '{}', 5);"
    )
    connection.close()
    store = EpisodeStore(tmp_path)
    assert store.promotions.add("a", "ann", "").number == 1
    assert [model.model_hash for model in store.models()] == ["a"]
    connection = sqlite3.connect(tmp_path / "index.sqlite")
    assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
    connection.close()
    assert EpisodeStore(tmp_path).promotions.line() == ["a"], "a second time changes nothing"
