"""What the health page shows: whether the arm may move, the nodes, the log."""

from __future__ import annotations

from dataclasses import dataclass

from irevla.app.models.health.health import Health, NodeRow
from irevla.app.models.health.log import Log, LogState
from irevla.app.models.health.preflight import Check, Preflight, Verdict, why_not


@dataclass(frozen=True)
class Headline:
    """The answer of the pre-flight in one line."""

    verdict: Verdict
    words: str


@dataclass(frozen=True)
class HealthState:
    """The whole page."""

    headline: Headline
    checks: tuple[Check, ...]
    nodes: tuple[NodeRow, ...]
    log: LogState


def health_state(preflight: Preflight, health: Health, log: Log) -> HealthState:
    """Return the page for one moment."""
    checks = preflight.checks()
    return HealthState(_headline(preflight, checks), checks, health.rows(preflight.rig, preflight.now_s), log.state())


def _headline(preflight: Preflight, checks: tuple[Check, ...]) -> Headline:
    bad = sum(check.verdict == "bad" for check in checks)
    unknown = sum(check.verdict == "unknown" for check in checks)
    if not bad and not unknown:
        return Headline("good", "Ready: the arm may move")
    if not why_not(preflight.for_mode("teleop").checks()):
        return Headline("note", "Ready to record; the policy is not")
    if bad:
        return Headline("bad", f"Not ready: {bad} to mend")
    return Headline("unknown", f"Waiting for {unknown} answer{'s' if unknown > 1 else ''}")
