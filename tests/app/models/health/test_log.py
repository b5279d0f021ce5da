"""The log keeps the newest lines, shows those that are wanted, and takes any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irevla.app.graph.facts import LogLine
from irevla.app.models.health.log import LINES_KEPT, Log, LogFilter, LogState, clock_time


def line(msg: str, level: int = 20, name: str = "arbiter", stamp_s: float = 1e9) -> LogLine:
    return LogLine(received_s=0.0, name=name, level=level, msg=msg, stamp_s=stamp_s)


def texts(state: LogState) -> list[str]:
    return [entry.text for entry in state.entries]


@pytest.fixture
def log() -> Log:
    log = Log()
    log.take(line("going home", name="robot"))
    log.take(line("hold: arbiter/hold was called", 40))
    log.take(line("a detail", 10))
    log.take(line("9.1 pictures per second, expected 30", 30, "rig1.camera_front"))
    return log


def test_the_newest_line_is_the_last_and_details_are_left_out(log: Log) -> None:
    assert texts(log.state()) == [
        "going home",
        "hold: arbiter/hold was called",
        "9.1 pictures per second, expected 30",
    ]
    assert log.state().nodes == ("arbiter", "camera_front", "robot")
    assert log.state().count == "3 of 4 lines"


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (LogFilter(level=40), ["hold: arbiter/hold was called"]),
        (LogFilter(node="robot"), ["going home"]),
        (LogFilter(text="PICTURES"), ["9.1 pictures per second, expected 30"]),
        (LogFilter(text="camera_front"), ["9.1 pictures per second, expected 30"]),
        (LogFilter(level=30, node="robot"), []),
    ],
)
def test_a_filter_chooses_by_level_node_and_text(log: Log, chosen: LogFilter, expected: list[str]) -> None:
    log.choose(chosen)
    assert texts(log.state()) == expected


def test_a_line_that_comes_later_is_filtered_too(log: Log) -> None:
    log.choose(LogFilter(level=30))
    log.take(line("ordinary"))
    log.take(line("hold: again", 40))
    assert texts(log.state())[-2:] == ["9.1 pictures per second, expected 30", "hold: again"]


def test_warnings_and_errors_have_a_remedy_and_ordinary_lines_none(log: Log) -> None:
    home, held, slow = log.state().entries
    assert home.remedy is None
    assert held.remedy is not None and held.remedy.cause == "somebody pressed hold"
    assert slow.remedy is not None and "slower" in slow.remedy.cause


def test_memory_is_bounded_in_what_is_kept_and_what_is_shown() -> None:
    log = Log()
    for number in range(LINES_KEPT + 10):
        log.take(line(str(number), level=20 if number % 2 else 10))
    assert len(log.state().entries) == LINES_KEPT // 2
    assert texts(log.state())[0] == "11"


def test_the_state_is_the_same_object_until_something_changes(log: Log) -> None:
    before = log.state()
    assert log.state() is before
    log.take(line("new"))
    assert log.state() is not before


@given(
    st.text(),
    st.text(),
    st.integers(min_value=0, max_value=255),
    st.floats(),
    st.builds(LogFilter, level=st.integers(), node=st.text(), text=st.text()),
)
def test_any_line_and_any_filter_are_taken(msg: str, name: str, level: int, stamp_s: float, chosen: LogFilter) -> None:
    log = Log()
    log.choose(chosen)
    log.take(line(msg, level, name, stamp_s))
    for entry in log.state().entries:
        assert entry.line()
        assert entry.remedy is None or entry.remedy.cure


def test_a_stamp_that_is_no_time_is_dashes() -> None:
    assert clock_time(float("nan")) == clock_time(1e300) == "--:--:--"
