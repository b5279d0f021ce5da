"""Which head is due: the newest, or exactly the one an episode is pinned to."""

from __future__ import annotations

from irevla_nodes.serving.head_shelf import HeadData, HeadShelf


def shelf(*versions: int) -> HeadShelf:
    kept = HeadShelf()
    for version in versions:
        kept.put(HeadData(version, "key", "", b"data"))
    return kept


def test_without_a_pin_the_newest_is_due_once() -> None:
    due = shelf(1, 2, 3).due(running=1, pinned=None)
    assert due.head is not None and due.head.version == 3
    assert shelf(1, 2, 3).due(running=3, pinned=None).head is None
    assert shelf().due(running=0, pinned=None).head is None


def test_a_pinned_episode_does_not_take_the_newest() -> None:
    due = shelf(1, 2, 3).due(running=1, pinned=2)
    assert due.head is not None and due.head.version == 2
    due = shelf(1, 2, 3).due(running=2, pinned=2)
    assert (due.head, due.waits) == (None, False)


def test_a_pinned_head_that_has_not_come_is_waited_for() -> None:
    assert shelf(1).due(running=1, pinned=2).waits
    assert shelf().due(running=0, pinned=1).waits


def test_a_process_that_began_too_late_takes_the_newest_and_says_so() -> None:
    due = shelf(7).due(running=0, pinned=6)
    assert due.head is not None and due.head.version == 7
    assert "head version 6 is gone; acting with 7" in due.warning
    due = shelf().due(running=8, pinned=6)
    assert (due.head, due.waits) == (None, False)
    assert "acting with 8" in due.warning


def test_only_a_few_heads_are_kept() -> None:
    kept = shelf(*range(1, 20))
    assert not kept.due(running=0, pinned=16).waits
    assert kept.due(running=0, pinned=2).warning


def test_a_cleared_shelf_has_nothing_due() -> None:
    kept = shelf(1, 2)
    kept.clear()
    assert kept.due(running=0, pinned=None).head is None
