"""A line of the shift's file, there and back, and whatever else a damaged file may hold."""

import json
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irevla.app.models.shift.event import DEFAULTS, Kind, ShiftEvent, from_line, to_line

EVENTS = st.builds(
    ShiftEvent,
    stamp_s=st.floats(0, 4e9),
    kind=st.sampled_from(get_args(Kind)),
    episode_id=st.text(),
    reason=st.text(),
    phase=st.integers(0, 5),
    steps=st.integers(0, 10_000),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(EVENTS)
def test_an_event_comes_back_from_its_line(event: ShiftEvent) -> None:
    line = to_line(event)
    assert line.endswith("\n") and line.count("\n") == 1
    assert from_line(line) == event


def test_what_is_at_its_default_is_left_out() -> None:
    assert json.loads(to_line(ShiftEvent(stamp_s=1.0, kind="mark"))) == {"stamp_s": 1.0, "kind": "mark"}


@given(EVENTS, st.integers(1, 400))
def test_a_torn_line_is_no_event(event: ShiftEvent, cut: int) -> None:
    line = to_line(event).rstrip("\n")
    assert from_line(line[: max(0, len(line) - cut)]) is None


@given(st.text() | JSON.map(json.dumps))
def test_any_text_is_an_event_or_none(text: str) -> None:
    from_line(text)


@pytest.mark.parametrize(
    "change",
    [
        {"stamp_s": "now"},
        {"stamp_s": True},
        {"stamp_s": float("nan")},
        {"stamp_s": -1.0},
        {"stamp_s": 1e300},
        {"kind": "party"},
        {"kind": ["mark"]},
        {"phase": "running"},
        {"steps": True},
        {"unknown": ""},
    ],
)
def test_a_line_with_a_wrong_value_is_no_event(change: dict[str, Any]) -> None:
    values = {"stamp_s": 1.0, "kind": "phase", **change}
    assert from_line(json.dumps(values)) is None


def test_the_defaults_are_those_of_the_class() -> None:
    event = ShiftEvent(stamp_s=0.0, kind="mark")
    assert {name: getattr(event, name) for name in DEFAULTS} == DEFAULTS
