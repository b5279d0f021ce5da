"""What stands over every page: what the arm does, who acts, and why it does not move."""

from __future__ import annotations

from dataclasses import dataclass

from irevla.app.graph.facts import Phase, Source
from irevla.app.models.rig import Rig

SILENT_S = 1.0  # arbiter and session speak at 2 Hz
PHASES = {
    Phase.IDLE: "idle",
    Phase.RESETTING: "resetting",
    Phase.READY: "ready",
    Phase.RUNNING: "running",
    Phase.AWAITING_LABEL: "label it",
    Phase.SAVED: "saved",
}
ACTING = {
    Source.HOLD: "nobody acts",
    Source.POLICY: "the policy acts",
    Source.TELEOP: "you act",
    Source.RESET: "the reset acts",
    Source.EXPERT: "the expert acts",
}


@dataclass(frozen=True)
class HeaderState:
    """Plain words for the head of the window."""

    phase: str
    task: str
    progress: str  # "step 12 of 60"
    acting: str
    hold: str  # why the arm is held; "" while it may move
    trouble: str  # what was not heard; "" while all is well


def header_state(rig: Rig, now_s: float) -> HeaderState:
    """Return the header for what is known of the rig."""
    episode, arbiter = rig.episode, rig.arbiter
    is_running = rig.phase in (Phase.RUNNING, Phase.AWAITING_LABEL)
    hold = (arbiter.reason or "no reason given") if arbiter is not None and arbiter.hold else ""
    source = Source.HOLD
    if rig.phase == Phase.RESETTING and not hold:
        source = Source.RESET
    elif rig.phase == Phase.RUNNING and arbiter is not None and not hold:
        source = Source(arbiter.source)
    return HeaderState(
        phase=PHASES[rig.phase],
        task="" if episode is None else episode.instruction or episode.task,
        progress=f"step {episode.step} of {episode.max_steps}" if episode is not None and is_running else "",
        acting=ACTING[source],
        hold=hold,
        trouble=_trouble(rig, now_s),
    )


def _trouble(rig: Rig, now_s: float) -> str:
    for node, fact in (("arbiter", rig.arbiter), ("session", rig.episode)):
        beat = rig.beats.get(node)
        heard_s = max((known.received_s for known in (fact, beat) if known is not None), default=None)
        if heard_s is None:
            return f"the {node} node was not heard yet: is the graph running?"
        if now_s - heard_s > SILENT_S:
            return f"the {node} node is silent for {now_s - heard_s:.0f} s"
    return ""
