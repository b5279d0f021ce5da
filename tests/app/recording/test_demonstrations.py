"""Counts of a row, and what may be commanded when."""

import pytest

from irevla.app.recording.demonstrations import PHASES, Demonstrations, SessionNow, meanings


def test_a_relabel_moves_its_episode_and_an_undo_takes_it_out() -> None:
    row = Demonstrations()
    row.closed("one", "open_drawer", "success")
    row.closed("two", "open_drawer", "failure")
    row.closed("one", "open_drawer", "discard")
    assert [row.count("open_drawer", label) for label in ("success", "failure", "discard")] == [0, 1, 1]
    row.closed("two", "open_drawer", "")
    assert (row.count("open_drawer", "failure"), row.label_of("two"), row.last) == (0, "", "one")


def test_tasks_are_counted_apart() -> None:
    row = Demonstrations()
    row.closed("one", "open_drawer", "success")
    assert row.count("press_button", "success") == 0


@pytest.mark.parametrize("phase", PHASES)
def test_hold_is_possible_in_every_phase(phase: str) -> None:
    assert "hold" in meanings(SessionNow(phase=phase))  # type: ignore[arg-type]


def test_only_a_guided_reset_asks_for_a_word_while_ready() -> None:
    assert "start" not in meanings(SessionNow("ready"))
    assert "start" in meanings(SessionNow("ready", detail="put the objects back, then confirm"))
