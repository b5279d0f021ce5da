"""What stands over every page: what the arm does, who acts, and why it does not move."""

from __future__ import annotations

from dataclasses import dataclass

from irevla.app.graph.facts import Phase, Source
from irevla.app.models.rig import Rig

SILENT_S = 1.5  # the arbiter tells at 2 Hz who acts
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
    trouble: str  # which nodes are silent or unwell; "" while all is well


def header_state(rig: Rig, now_s: float, trouble: str = "") -> HeaderState:
    """Return the header for what is known of the rig."""
    episode, arbiter = rig.episode, rig.arbiter
    is_running = rig.phase in (Phase.RUNNING, Phase.AWAITING_LABEL)
    hold = (arbiter.reason or "no reason given") if arbiter is not None and arbiter.hold else ""
    return HeaderState(
        phase=PHASES[rig.phase],
        task="" if episode is None else episode.instruction or episode.task,
        progress=f"step {episode.step} of {episode.max_steps}" if episode is not None and is_running else "",
        acting=_acting(rig, now_s),
        hold=hold,
        trouble=trouble,
    )


def _acting(rig: Rig, now_s: float) -> str:
    arbiter = rig.arbiter
    if arbiter is None or now_s - arbiter.received_s > SILENT_S:
        return "not known who acts"
    if arbiter.hold:
        return ACTING[Source.HOLD]
    if rig.phase == Phase.RESETTING:
        return ACTING[Source.RESET]
    return ACTING[Source(arbiter.source) if rig.phase == Phase.RUNNING else Source.HOLD]
