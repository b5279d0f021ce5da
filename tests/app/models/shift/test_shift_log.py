"""The shift's file outlives a window, a torn line and a full disk."""

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from irevla.app.models.shift.event import ShiftEvent, to_line
from irevla.app.models.shift.shift_log import ShiftLog
from irevla.config.errors import StoreError

DAY = date(2026, 3, 14)
NOON_S = datetime(2026, 3, 14, 12).timestamp()


def event(after_s: float, reason: str = "") -> ShiftEvent:
    return ShiftEvent(stamp_s=NOON_S + after_s, kind="hold", reason=reason)


LINE = to_line(event(5.0)).encode()


def test_what_was_appended_is_read_by_the_next_window(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there" / "yet"
    for after_s in (0.0, 1.0):
        ShiftLog(folder).append(event(after_s, "über"))
    assert ShiftLog(folder).read(DAY) == ([event(0.0, "über"), event(1.0, "über")], 0)


def test_a_day_without_a_file_has_no_events(tmp_path: Path) -> None:
    assert ShiftLog(tmp_path).read(DAY) == ([], 0)


def test_a_new_day_is_a_new_file(tmp_path: Path) -> None:
    log = ShiftLog(tmp_path)
    log.append(event(0.0))
    log.append(event(24 * 3600.0))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["shift-2026-03-14.jsonl", "shift-2026-03-15.jsonl"]


def test_after_a_torn_line_the_next_one_stands_alone(tmp_path: Path) -> None:
    log = ShiftLog(tmp_path)
    log.append(event(0.0))
    with log.path(DAY).open("a") as file:
        file.write(to_line(event(1.0))[:20])
    log.append(event(2.0))
    assert log.read(DAY) == ([event(0.0), event(2.0)], 1)


def test_an_event_of_another_year_is_damage(tmp_path: Path) -> None:
    log = ShiftLog(tmp_path)
    log.append(event(0.0))
    with log.path(DAY).open("a") as file:
        file.write(to_line(event(400 * 24 * 3600.0)))
    assert log.read(DAY) == ([event(0.0)], 1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary() | st.just(LINE), max_size=8))
def test_any_file_is_read_and_whole_lines_in_it_are_kept(tmp_path: Path, parts: list[bytes]) -> None:
    log = ShiftLog(tmp_path)
    log.path(DAY).write_bytes(b"\n".join(parts))
    events, _ = log.read(DAY)
    assert len(events) >= parts.count(LINE)
    log.append(event(9.0))
    assert log.read(DAY)[0][-1] == event(9.0)


def test_a_disk_that_refuses_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    log = ShiftLog(tmp_path / "file" / "folder")
    with pytest.raises(StoreError, match="kept in the window only"):
        log.append(event(0.0))
    with pytest.raises(StoreError, match="cannot be read"):
        log.read(DAY)
