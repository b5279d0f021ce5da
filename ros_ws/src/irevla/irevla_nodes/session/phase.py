"""Where the session is, and what may be asked of it there."""

from __future__ import annotations

from enum import IntEnum

from irevla.config.errors import WrongStateError


class Phase(IntEnum):
    """EpisodeState.state."""

    IDLE = 0
    RESETTING = 1
    READY = 2
    RUNNING = 3
    AWAITING_LABEL = 4
    SAVED = 5

    @property
    def words(self) -> str:
        """The phase as a person says it."""
        return self.name.lower().replace("_", " ")


POSSIBLE = {
    Phase.IDLE: "session/start, or session/label with the id of a stored episode",
    Phase.RESETTING: "session/stop",
    Phase.READY: "session/stop, or session/confirm_reset while it waits for the objects",
    Phase.RUNNING: "session/stop",
    Phase.AWAITING_LABEL: "session/label",
    Phase.SAVED: "session/start, or session/label with the id of a stored episode",
}


def require(phase: Phase, allowed: tuple[Phase, ...], request: str) -> None:
    """Raise WrongStateError unless ``phase`` is one of ``allowed``, saying what is possible now."""
    if phase not in allowed:
        raise WrongStateError(f"{request} while {phase.words}: not possible; possible now: {POSSIBLE[phase]}")
