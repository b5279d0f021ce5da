"""The demo's morning is a believable one."""

from datetime import datetime
from itertools import pairwise
from pathlib import Path

from irevla.app.models.shift.made_up import morning, write_morning
from irevla.app.models.shift.record import ShiftRecord
from irevla.app.models.shift.report import shift_report
from irevla.app.models.shift.shift_log import ShiftLog

NOW = datetime(2026, 3, 14, 12)


def test_the_events_are_in_order_and_end_before_now() -> None:
    events = list(morning(NOW.timestamp()))
    assert all(before.stamp_s <= after.stamp_s for before, after in pairwise(events))
    assert events[-1].stamp_s < NOW.timestamp()
    assert events == list(morning(NOW.timestamp()))


def test_it_has_episodes_holds_help_and_time_in_which_nobody_pressed_anything(tmp_path: Path) -> None:
    log, record = ShiftLog(tmp_path), ShiftRecord()
    write_morning(log, NOW.timestamp())
    events, damaged = log.read(NOW.date())
    for event in events:
        record.take(event)
    report = shift_report(record, events[-1].stamp_s)
    assert damaged == 0
    assert report.figures.episodes > 50
    assert report.figures.helped_episodes > 0
    assert {use for use, _ in report.used_s} == {"run", "reset", "label", "idle", "held", "silent"}
