"""A shift in words, tables and a bar: what the page shows and what is exported."""

from __future__ import annotations

import time
from dataclasses import dataclass

from irevla.app.models.shift.record import Segment, Use
from irevla.app.models.shift.report import Figures, ShiftReport, Times

WORDS: dict[Use, str] = {
    "run": "running",
    "reset": "resetting",
    "label": "to be labelled",
    "idle": "nobody pressed anything",
    "held": "held",
    "silent": "node silent",
    "away": "nothing heard",
}
LABELS = ("success", "failure", "discard")
TICKS_S = (60, 300, 600, 900, 1800, 3600, 7200, 14400)
MOST_TICKS = 10
DASH = "–"


@dataclass(frozen=True)
class Tile:
    """One number to be read from two metres."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Table:
    """A table in words; ``empty`` says what to do where it has no rows."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str


@dataclass(frozen=True)
class Bar:
    """A stretch of the timeline, from 0 (the shift's begin) to 1 (now)."""

    start: float
    end: float
    segment: Segment

    @property
    def words(self) -> str:
        """What happened, and when; made when somebody asks, for a day has thousands of stretches."""
        segment = self.segment
        return f"{_clock(segment.start_s)} to {_clock(segment.end_s)}: {_cause(segment.use, segment.cause)}"


@dataclass(frozen=True)
class Timeline:
    """The whole shift as one bar."""

    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, str], ...]  # place, time of day
    legend: tuple[tuple[Use, str], ...]


@dataclass(frozen=True)
class ShiftState:
    """What the shift page shows."""

    title: str
    tiles: tuple[Tile, ...]
    timeline: Timeline
    tasks: Table
    labels: Table
    down: Table
    trouble: str  # why the shift's file is not whole; "" while it is


def shift_state(report: ShiftReport, trouble: str = "") -> ShiftState:
    """Return the report in words."""
    return ShiftState(
        title=_title(report), tiles=_tiles(report), timeline=_timeline(report), trouble=trouble, **_tables(report)
    )


def _title(report: ShiftReport) -> str:
    begin, now = time.localtime(report.start_s), time.localtime(report.now_s)
    day = f"{time.strftime('%A', begin)} {begin.tm_mday} {time.strftime('%B %Y', begin)}"
    return f"{day}, {time.strftime('%H:%M', begin)} to {time.strftime('%H:%M', now)}"


def _tiles(report: ShiftReport) -> tuple[Tile, ...]:
    figures, down_s = report.figures, sum(down.total_s for down in report.down)
    share = f"{100 * down_s / report.worked_s:.0f} % of the time" if report.worked_s > 0 else ""
    steps = "" if figures.teleop_share is None else f", {100 * figures.teleop_share:.1f} % of steps"
    per_hour = "" if report.per_hour is None else f"{report.per_hour:.1f} an hour"
    return (
        Tile("episodes", str(figures.episodes), per_hour),
        Tile("success", _rate(figures), f"{figures.successes} of {figures.successes + figures.failures}"),
        Tile("reset", _short(figures.reset.mean_s), _median(figures.reset)),
        Tile("run", _short(figures.run.mean_s), _median(figures.run)),
        Tile("label", _short(figures.label.mean_s), _median(figures.label)),
        Tile("interventions", str(figures.helped_episodes), f"of {figures.policy_episodes}{steps}"),
        Tile("down", f"{down_s / 3600:.1f} h" if down_s >= 3600 else duration(down_s), share),
    )


def _timeline(report: ShiftReport) -> Timeline:
    span_s = report.now_s - report.start_s
    if span_s <= 0:
        return Timeline((), (), ())
    bars = tuple(
        Bar(
            (segment.start_s - report.start_s) / span_s,
            (segment.end_s - report.start_s) / span_s,
            segment,
        )
        for segment in report.segments
    )
    legend = tuple(
        (use, f"{WORDS[use]}  {duration(seconds)} ({100 * seconds / span_s:.0f} %)") for use, seconds in report.used_s
    )
    return Timeline(bars, _ticks(report.start_s, span_s), legend)


def _ticks(start_s: float, span_s: float) -> tuple[tuple[float, str], ...]:
    """Return round times of day along the bar."""
    step_s = next((step_s for step_s in TICKS_S if span_s / step_s <= MOST_TICKS), TICKS_S[-1])
    zone_s = time.localtime(start_s).tm_gmtoff
    first_s = -(-(start_s + zone_s) // step_s) * step_s - zone_s
    stamps_s = [first_s + number * step_s for number in range(int((start_s + span_s - first_s) // step_s) + 1)]
    return tuple(((stamp_s - start_s) / span_s, _clock(stamp_s)[:5]) for stamp_s in stamps_s)


def _tables(report: ShiftReport) -> dict[str, Table]:
    counts = {(kind, label): count for kind, label, count in report.labels}
    kinds = sorted({kind for kind, _, _ in report.labels})
    return {
        "tasks": Table(
            "By task",
            ("task", "episodes", "success", "reset", "run", "label", "helped", "by hand"),
            tuple(_task_row(task, figures) for task, figures in report.by_task),
            "No episode has a label yet: start one on the first page and label it.",
        ),
        "labels": Table(
            "Labels",
            ("kind", *LABELS),
            tuple((kind, *(str(counts.get((kind, label), 0)) for label in LABELS)) for kind in kinds),
            "No label yet.",
        ),
        "down": Table(
            "Down time",
            ("cause", "times", "total"),
            tuple((_cause(down.use, down.cause), str(down.times), duration(down.total_s)) for down in report.down),
            "The arm was never held and no node fell silent.",
        ),
    }


def _task_row(task: str, figures: Figures) -> tuple[str, ...]:
    times = (_short(each.mean_s) for each in (figures.reset, figures.run, figures.label))
    share = DASH if figures.teleop_share is None else f"{100 * figures.teleop_share:.1f} %"
    helped = f"{figures.helped_episodes} of {figures.policy_episodes}"
    return (task, str(figures.episodes), _rate(figures), *times, helped, share)


def _cause(use: Use, cause: str) -> str:
    return f"{WORDS[use]}: {cause}" if cause else WORDS[use]


def _rate(figures: Figures) -> str:
    judged = figures.successes + figures.failures
    return f"{100 * figures.successes / judged:.0f} %" if judged else DASH


def _median(times: Times) -> str:
    return "" if times.median_s is None else f"median {_short(times.median_s)}"


def _short(seconds: float | None) -> str:
    return DASH if seconds is None else f"{seconds:.1f} s" if seconds < 100 else duration(seconds)


def duration(seconds: float) -> str:
    """Return "40 s", "12 min" or "3 h 05 min"."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


def _clock(stamp_s: float) -> str:
    return time.strftime("%H:%M:%S", time.localtime(stamp_s))
