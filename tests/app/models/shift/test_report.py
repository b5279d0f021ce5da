"""A shift of two episodes, a hold, a silent node and a break, added up by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irevla.app.graph.facts import Phase
from irevla.app.models.shift.event import Kind, ShiftEvent
from irevla.app.models.shift.record import LONGEST_GAP_S, ShiftRecord, cause_of
from irevla.app.models.shift.report import Down, ShiftReport, Times, shift_report

T0 = 1_700_000_000.0


def phase(after_s: float, phase: Phase, episode_id: str = "", mode: str = "policy", **fields: int) -> ShiftEvent:
    return ShiftEvent(
        stamp_s=T0 + after_s,
        kind="phase",
        phase=int(phase),
        episode_id=episode_id,
        task="press" if episode_id == "e2" else "open",
        mode=mode,
        episode_kind="rl",
        **fields,
    )


def event(after_s: float, kind: Kind, **fields: str) -> ShiftEvent:
    return ShiftEvent(stamp_s=T0 + after_s, kind=kind, **fields)


SHIFT = (
    event(0, "opened"),
    phase(10, Phase.IDLE),  # 10 s of nothing heard before
    phase(30, Phase.RESETTING, "e1"),  # 20 s idle
    phase(36, Phase.READY, "e1"),
    phase(40, Phase.RUNNING, "e1"),  # 10 s reset
    phase(60, Phase.AWAITING_LABEL, "e1", steps=40, teleop_steps=10),  # 20 s run
    event(64, "label", episode_id="e1", label="success"),
    phase(64, Phase.SAVED, "e1"),  # 4 s label
    phase(70, Phase.RESETTING, "e2"),  # 6 s idle
    event(74, "silent", reason="policy"),  # 4 s reset
    event(77, "silent"),  # 3 s silent
    phase(84, Phase.RUNNING, "e2"),  # 7 s reset: 14 s from beginning to end
    event(90, "hold", reason="no heartbeat from policy for 1.1 s; is it running?"),  # 6 s run
    phase(92, Phase.AWAITING_LABEL, "e2", steps=60),  # 8 s run for the episode
    event(95, "hold"),  # 5 s held
    event(98, "label", episode_id="e2", label="failure"),
    phase(98, Phase.SAVED, "e2"),  # 3 s label for the clock, 6 s for the episode
)


def reported(events: tuple[ShiftEvent, ...] = SHIFT, now_after_s: float = 100.0) -> ShiftReport:
    record = ShiftRecord()
    for each in events:
        record.take(each)
    return shift_report(record, T0 + now_after_s)


def test_the_time_is_divided_among_what_it_went_into() -> None:
    report = reported()
    assert dict(report.used_s) == {
        "away": 10.0,
        "idle": 28.0,
        "reset": 21.0,
        "run": 26.0,
        "label": 7.0,
        "silent": 3.0,
        "held": 5.0,
    }
    assert report.worked_s == 90.0
    assert report.per_hour == pytest.approx(2 * 3600 / 90)
    assert report.down == (
        Down("held", "the policy node is silent", 1, 5.0),
        Down("silent", "policy", 1, 3.0),
    )


def test_durations_of_episodes_are_those_of_their_states() -> None:
    figures = reported().figures
    assert figures.reset == Times(12.0, 12.0)  # 10, 14
    assert figures.run == Times(14.0, 14.0)  # 20, 8
    assert figures.label == Times(5.0, 5.0)  # 4, 6


def test_interventions_are_episodes_and_a_share_of_the_steps() -> None:
    figures = reported().figures
    assert (figures.policy_episodes, figures.helped_episodes) == (2, 1)
    assert figures.teleop_share == pytest.approx(10 / 100)


def test_an_episode_of_teleop_is_no_intervention() -> None:
    events = (
        phase(0, Phase.RUNNING, "e1", mode="teleop"),
        phase(9, Phase.AWAITING_LABEL, "e1", mode="teleop", steps=9, teleop_steps=9),
        event(10, "label", episode_id="e1", label="success"),
    )
    figures = reported(events).figures
    assert (figures.episodes, figures.policy_episodes, figures.teleop_share) == (1, 0, None)


def test_mean_and_median_are_two_things() -> None:
    events: list[ShiftEvent] = []
    for number, reset_s in enumerate((1.0, 2.0, 9.0)):
        at_s, name = 100.0 * number, f"n{number}"
        events += [phase(at_s, Phase.RESETTING, name), phase(at_s + reset_s, Phase.RUNNING, name)]
        events.append(event(at_s + 50, "label", episode_id=name, label="success"))
    assert reported(tuple(events), 300.0).figures.reset == Times(4.0, 2.0)


def test_each_task_and_kind_has_its_own_numbers() -> None:
    report = reported()
    assert [(task, figures.episodes, figures.successes) for task, figures in report.by_task] == [
        ("open", 1, 1),
        ("press", 1, 0),
    ]
    assert report.labels == (("rl", "failure", 1), ("rl", "success", 1))


def test_a_relabel_replaces_and_an_undo_takes_back() -> None:
    relabelled = (*SHIFT, event(99, "label", episode_id="e2", label="success"))
    assert reported(relabelled).figures.successes == 2
    undone = (*SHIFT, event(99, "label", episode_id="e2", label=""))
    assert reported(undone).figures.episodes == 1


def test_a_relabel_of_yesterdays_episode_counts_for_nothing() -> None:
    assert reported((*SHIFT, event(99, "label", episode_id="old", label="success"))).figures.episodes == 2


def test_a_window_that_was_closed_goes_on_with_the_same_episode() -> None:
    before, after = SHIFT[:5], SHIFT[5:]
    reopened = (*before, event(45, "opened"), phase(50, Phase.RUNNING, "e1"), *after)
    report = reported(reopened)
    assert report.figures.run == Times(14.0, 14.0)
    assert dict(report.used_s)["away"] == 10.0 + 10.0  # since the last event before it was opened, and until it heard


def test_a_long_time_without_any_event_is_no_work() -> None:
    report = reported(SHIFT, 98 + LONGEST_GAP_S + 1)
    assert report.segments[-1].use == "away"
    assert reported(SHIFT, 98 + LONGEST_GAP_S - 1).segments[-1].use == "idle"


def test_a_running_arm_is_at_work_whatever_else_is_silent() -> None:
    events = (phase(0, Phase.RUNNING, "e1"), event(0, "silent", reason="sft"))
    assert [segment.use for segment in reported(events, 10.0).segments] == ["run"]


def test_an_empty_shift_has_no_numbers() -> None:
    report = reported((), 0.0)
    assert (report.per_hour, report.figures.episodes, report.segments) == (None, 0, ())


@given(
    st.lists(
        st.builds(
            ShiftEvent,
            stamp_s=st.floats(0, 4e9),
            kind=st.sampled_from(["opened", "mark", "phase", "label", "hold", "silent"]),
            phase=st.integers(-3, 9),
            episode_id=st.sampled_from(["", "e1", "e2"]),
            label=st.sampled_from(["", "success", "?"]),
            reason=st.text(),
        )
    ),
    st.floats(0, 4e9),
)
def test_any_events_in_any_order_add_up_to_the_span(events: list[ShiftEvent], now_s: float) -> None:
    record = ShiftRecord()
    for each in events:
        record.take(each)
    report = shift_report(record, now_s)
    ends = [segment.end_s for segment in report.segments]
    assert ends == sorted(ends)
    assert all(segment.end_s > segment.start_s for segment in report.segments)
    if events:
        span_s = max(now_s, *(each.stamp_s for each in events)) - events[0].stamp_s
        assert sum(seconds for _, seconds in report.used_s) == pytest.approx(max(0.0, span_s), abs=1e-3)


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("arbiter/hold was called", "somebody pressed hold"),
        ("no picture of camera front for 0.7 s (at most 0.5 s)", "camera front stopped sending pictures"),
        ("something odd at 3.2 m for 1.5 s (again); do this", "something odd at … m"),
        ("", "no reason given"),
    ],
)
def test_equal_causes_read_alike(reason: str, cause: str) -> None:
    assert cause_of(reason) == cause
