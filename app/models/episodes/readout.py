"""The numbers of one step in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from irevla.app.graph.records import EpisodeDetail
from irevla.app.models.episodes.episode_curves import actor
from irevla.app.models.episodes.episode_row import number

# MotionCommand.LIMIT_*
LIMITS = {1: "workspace", 2: "orientation", 4: "step size", 8: "speed", 16: "range"}


@dataclass(frozen=True)
class Readout:
    """State and action of one row, a word for each of COMPONENTS."""

    state: tuple[str, ...] = ()  # mm, degrees
    action: tuple[str, ...] = ()  # [-1, 1]
    words: str = ""  # who acted, what the critic thought, which limits held


def readout(detail: EpisodeDetail, row: int) -> Readout:
    """Return the numbers of a row that the episode has."""
    state, limited = detail.states[row], int(detail.limited[row])
    lengths = [f"{1000 * value:.0f}" for value in (*state[:3], state[6])]
    turns = [f"{57.29578 * value:.1f}" for value in state[3:6]]
    acted = actor(int(detail.sources[row]))
    words = [
        f"{acted} acts" + (" (intervention)" if detail.interventions[row] else ""),
        f"Q {number(float(detail.q_values[row]), 2)}",
        f"log p {detail.log_probs[row]:.2f}" if acted == "policy" else "",
        f"limited: {', '.join(name for bit, name in LIMITS.items() if limited & bit)}" if limited else "",
    ]
    return Readout(
        state=(*lengths[:3], *turns, lengths[3]),
        action=tuple(f"{value:+.2f}" for value in detail.actions[row]),
        words="   ".join(word for word in words if word),
    )
