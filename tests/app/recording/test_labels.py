"""Counts of a row."""

from typing import Any

from irevla.app.recording.labels import LABELS, Labels


def test_a_relabel_moves_its_episode_and_an_undo_takes_it_out(makers: Any) -> None:
    labels = Labels()
    labels.take(makers.closed("one", "success"))
    labels.take(makers.closed("two", "failure"))
    labels.take(makers.closed("one", "discard"))
    assert [labels.count("open_drawer", label) for label in LABELS] == [0, 1, 1]
    labels.take(makers.closed("two", ""))
    assert (labels.count("open_drawer", "failure"), labels.last) == (0, "one")


def test_tasks_are_counted_apart(makers: Any) -> None:
    labels = Labels()
    labels.take(makers.closed("one", "success"))
    assert labels.count("press_button", "success") == 0
