"""The report in words."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irevla.app.graph.facts import Phase
from irevla.app.models.shift.event import ShiftEvent
from irevla.app.models.shift.page_state import MOST_TICKS, ShiftState, duration, shift_state
from irevla.app.models.shift.record import ShiftRecord
from irevla.app.models.shift.report import shift_report

T0 = 1_700_000_000.0


def state(span_s: float = 40.0) -> ShiftState:
    record = ShiftRecord()
    for after_s, phase in ((0, Phase.RESETTING), (10, Phase.RUNNING), (30, Phase.AWAITING_LABEL), (40, Phase.SAVED)):
        record.take(
            ShiftEvent(
                stamp_s=T0 + after_s,
                kind="phase",
                phase=int(phase),
                episode_id="e1",
                task="open_drawer",
                mode="policy",
                episode_kind="rl",
                steps=20,
                teleop_steps=1,
            )
        )
    record.take(ShiftEvent(stamp_s=T0 + 40, kind="label", episode_id="e1", label="success"))
    return shift_state(shift_report(record, T0 + span_s))


def test_the_tiles_say_the_numbers_that_count() -> None:
    tiles = {tile.name: (tile.value, tile.note) for tile in state().tiles}
    assert tiles["episodes"] == ("1", "90.0 an hour")
    assert tiles["success"] == ("100 %", "1 of 1")
    assert tiles["reset"] == ("10.0 s", "median 10.0 s")
    assert tiles["interventions"] == ("1", "of 1, 5.0 % of steps")
    assert tiles["down"] == ("0 s", "0 % of the time")


def test_the_bar_is_whole_and_its_legend_says_the_shares() -> None:
    line = state().timeline
    assert [(bar.start, bar.end, bar.segment.use) for bar in line.bars] == [
        (0.0, 0.25, "reset"),
        (0.25, 0.75, "run"),
        (0.75, 1.0, "label"),
    ]
    assert line.legend[0] == ("run", "running  20 s (50 %)")


def test_each_task_has_a_row() -> None:
    assert state().tasks.rows == (("open_drawer", "1", "100 %", "10.0 s", "20.0 s", "10.0 s", "1 of 1", "5.0 %"),)
    assert state().labels.rows == (("rl", "1", "0", "0"),)


def test_an_empty_shift_says_what_to_do() -> None:
    empty = shift_state(shift_report(ShiftRecord(), T0))
    assert empty.tasks.rows == () and "start one" in empty.tasks.empty
    assert empty.timeline.bars == ()


@given(st.floats(41.0, 24 * 3600.0))
def test_ticks_are_few_in_order_and_on_the_bar(span_s: float) -> None:
    places = [place for place, _ in state(span_s).timeline.ticks]
    assert len(places) <= MOST_TICKS + 1
    assert all(0.0 <= place <= 1.0 for place in places)
    assert all(before < after for before, after in pairwise(places))


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (59.4, "59 s"), (90, "2 min"), (3599, "1 h 00 min"), (11_100, "3 h 05 min")]
)
def test_durations_are_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words
