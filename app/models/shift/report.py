"""The numbers of a shift: pace, times, interventions, labels, and where the time went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from irevla.app.models.shift.record import Episode, Segment, ShiftRecord, Use

DOWN: tuple[Use, ...] = ("held", "silent")


@dataclass(frozen=True)
class Times:
    """Durations of one sort [s]; None where there was none."""

    mean_s: float | None
    median_s: float | None


@dataclass(frozen=True)
class Figures:
    """What some episodes add up to: all of the shift, or those of one task."""

    episodes: int  # labelled ones
    successes: int
    failures: int
    reset: Times
    run: Times
    label: Times
    policy_episodes: int
    helped_episodes: int  # policy episodes in which a person took over
    teleop_share: float | None  # of the steps of policy episodes


@dataclass(frozen=True)
class Down:
    """One cause for which the arm could not work."""

    use: Use
    cause: str
    times: int
    total_s: float


@dataclass(frozen=True)
class ShiftReport:
    """A shift until now; times [s], stamps since 1970. ``worked_s``: without the time in which nothing was heard."""

    start_s: float
    now_s: float
    worked_s: float
    per_hour: float | None
    figures: Figures
    by_task: tuple[tuple[str, Figures], ...]
    labels: tuple[tuple[str, str, int], ...]  # kind, label, episodes
    used_s: tuple[tuple[Use, float], ...]
    down: tuple[Down, ...]  # longest first
    segments: tuple[Segment, ...]


def shift_report(record: ShiftRecord, now_s: float) -> ShiftReport:
    """Add up a shift until ``now_s`` [s since 1970]; an episode counts when it has its label."""
    segments = record.segments_until(now_s)
    used_s: dict[Use, float] = {}
    for segment in segments:
        used_s[segment.use] = used_s.get(segment.use, 0.0) + segment.end_s - segment.start_s
    worked_s = sum(seconds for use, seconds in used_s.items() if use != "away")
    done = [episode for episode in record.episodes.values() if episode.label]
    labels = Counter((episode.kind, episode.label) for episode in done)
    return ShiftReport(
        start_s=now_s if record.start_s is None else record.start_s,
        now_s=now_s,
        worked_s=worked_s,
        per_hour=3600 * len(done) / worked_s if worked_s > 0 else None,
        figures=_figures(done),
        by_task=tuple(
            (task, _figures([episode for episode in done if episode.task == task]))
            for task in sorted({episode.task for episode in done})
        ),
        labels=tuple((kind, label, count) for (kind, label), count in sorted(labels.items())),
        used_s=tuple(sorted(used_s.items(), key=lambda used: -used[1])),
        down=_down(segments),
        segments=tuple(segments),
    )


def _figures(episodes: Sequence[Episode]) -> Figures:
    policy = [episode for episode in episodes if episode.mode == "policy"]
    steps = sum(episode.steps for episode in policy)
    return Figures(
        episodes=len(episodes),
        successes=sum(episode.label == "success" for episode in episodes),
        failures=sum(episode.label == "failure" for episode in episodes),
        reset=_times(episode.reset_s for episode in episodes),
        run=_times(episode.run_s for episode in episodes),
        label=_times(episode.label_s for episode in episodes),
        policy_episodes=len(policy),
        helped_episodes=sum(episode.teleop_steps > 0 for episode in policy),
        teleop_share=sum(episode.teleop_steps for episode in policy) / steps if steps else None,
    )


def _times(durations_s: Iterable[float | None]) -> Times:
    known_s = [seconds for seconds in durations_s if seconds is not None]
    return Times(fmean(known_s), median(known_s)) if known_s else Times(None, None)


def _down(segments: Iterable[Segment]) -> tuple[Down, ...]:
    total_s: dict[tuple[Use, str], list[float]] = {}
    for segment in segments:
        if segment.use in DOWN:
            total_s.setdefault((segment.use, segment.cause), []).append(segment.end_s - segment.start_s)
    found = (Down(use, cause, len(each_s), sum(each_s)) for (use, cause), each_s in total_s.items())
    return tuple(sorted(found, key=lambda down: (-down.total_s, down.cause)))
