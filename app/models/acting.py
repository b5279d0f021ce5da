"""Who acts, in which episode, by which model: the details under the header's headline."""

from __future__ import annotations

from dataclasses import dataclass

from irevla.app.graph.facts import EpisodeNow, Phase, Source
from irevla.app.models.rig import Rig

LIMITS = {1: "workspace box", 2: "orientation cone", 4: "step size", 8: "speed", 16: "range"}  # MotionCommand.LIMIT_*
PROPOSERS: dict[int, str] = {
    Source.POLICY: "the policy's proposal",
    Source.TELEOP: "the person's proposal",
    Source.RESET: "the reset",
    Source.EXPERT: "the expert's proposal",
}
UNKNOWN = "–"


@dataclass(frozen=True)
class ActingState:
    """Plain words, one line each."""

    instruction: str
    episode: str  # task, kind, seed
    time: str
    actor: str
    model: str
    limits: str  # "" when the last command left as it was proposed


class EpisodeClock:
    """How long the episode has been running, by the window's clock."""

    def __init__(self) -> None:
        self._episode_id = ""
        self._began_s: float | None = None
        self._ended_s: float | None = None

    def take(self, fact: EpisodeNow) -> None:
        """Note the episode's phase."""
        if fact.episode_id != self._episode_id:
            self._episode_id, self._began_s, self._ended_s = fact.episode_id, None, None
        if fact.phase == Phase.RUNNING and self._began_s is None:
            self._began_s = fact.received_s
        elif fact.phase != Phase.RUNNING and self._began_s is not None and self._ended_s is None:
            self._ended_s = fact.received_s

    def seconds(self, now_s: float) -> float | None:
        """Return the running time, of the last episode until the next one runs; None before."""
        if self._began_s is None:
            return None
        return (now_s if self._ended_s is None else self._ended_s) - self._began_s


def acting_state(rig: Rig, clock: EpisodeClock, now_s: float) -> ActingState:
    """Return the details for what is known of the rig."""
    episode = rig.episode
    if episode is None or not episode.episode_id:
        return ActingState("no episode yet", UNKNOWN, UNKNOWN, _actor(rig), _model(rig), "")
    seconds = clock.seconds(now_s)
    return ActingState(
        instruction=f"“{episode.instruction or episode.task}”",
        episode=f"{episode.task} · {episode.kind} · seed {episode.seed}",
        time=UNKNOWN if seconds is None else f"{seconds:.1f} s",
        actor=_actor(rig),
        model=_model(rig),
        limits="" if rig.command is None else ", ".join(limit_names(rig.command.limited)),
    )


def limit_names(limited: int) -> list[str]:
    """Return the limits of a bit set by name; a bit that is not known by its number."""
    bits = [1 << place for place in range(limited.bit_length()) if limited >> place & 1]
    return [LIMITS.get(bit, f"limit {bit}") for bit in bits]


def is_taken_over(rig: Rig) -> bool:
    """Return whether a person acts in the place of somebody else now."""
    episode, arbiter = rig.episode, rig.arbiter
    if episode is None or arbiter is None or arbiter.hold or rig.phase != Phase.RUNNING:
        return False
    return arbiter.source == Source.TELEOP and episode.mode != "teleop"


def _actor(rig: Rig) -> str:
    episode, arbiter = rig.episode, rig.arbiter
    if arbiter is None:
        return "the arbiter was not heard"
    if arbiter.hold:
        blamed = PROPOSERS.get(arbiter.blamed)
        return f"stopped by {blamed}" if blamed else "nobody: the arm is stopped"
    if rig.phase == Phase.RESETTING:
        return "the arm's reset"
    if episode is None or rig.phase != Phase.RUNNING:
        return "nobody"
    match arbiter.source:
        case Source.POLICY:
            return "policy, a sample of π" if episode.explore else "policy, the mean of π"
        case Source.TELEOP:
            device = rig.teleop.active if rig.teleop is not None else ""
            return f"a person, {device or 'teleop'}" + (f" for the {episode.mode}" if is_taken_over(rig) else "")
        case Source.EXPERT:
            return "the scripted expert"
        case _:
            return "nobody"


def _model(rig: Rig) -> str:
    policy = rig.policy
    if policy is None:
        return "the policy was not heard"
    return f"{policy.model_hash[:8]} · head {policy.weights_version} · {1000 * policy.infer_s:.0f} ms"
