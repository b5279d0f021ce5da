"""What a person may command while recording, what it does now, and by which key."""

from __future__ import annotations

from types import MappingProxyType
from typing import Literal

from irevla.app.graph.facts import EpisodeNow, Phase

Command = Literal["success", "failure", "discard", "undo", "start", "stop", "done", "hold", "resume"]
ENTER = "\n"
QUIT = "q"
KEYS: MappingProxyType[str, Command] = MappingProxyType(
    {"x": "failure", "z": "discard", "b": "undo", "e": "done", "h": "hold", "g": "resume", QUIT: "stop"}
)
LABELLED = (Phase.RUNNING, Phase.AWAITING_LABEL)  # a running episode is ended and labelled by one key


def waits_for_objects(session: EpisodeNow) -> bool:
    """Say whether a person must put the objects back and say so (session.reset: guided)."""
    return session.phase == Phase.READY and bool(session.detail)


def meanings(session: EpisodeNow | None) -> dict[Command, str]:
    """Return what may be commanded now, and what it does."""
    always: dict[Command, str] = {"hold": "hold the arm", "resume": "let it move again"}
    if session is None:
        return always
    if session.phase in (Phase.IDLE, Phase.SAVED):
        return {"start": "start the next episode", "undo": "take the last label back", **always}
    if waits_for_objects(session):
        return {"start": "the objects stand as they should", "stop": "stop", **always}
    if session.phase not in LABELLED:
        return always
    done: dict[Command, str] = {"done": "end it, label it after"} if session.phase == Phase.RUNNING else {}
    return {"success": "it succeeded", "failure": "it failed", "discard": "throw it away", **done, **always}


def command_of(key: str, session: EpisodeNow | None) -> Command | None:
    """Return what a key means now; Enter goes on, and where there is an episode to label that is a success."""
    if key == ENTER:
        return "success" if session is not None and session.phase in LABELLED else "start"
    return KEYS.get(key.lower())


def key_line(session: EpisodeNow | None) -> str:
    """Return the keys that mean something now, in words."""
    means = meanings(session)
    commands = {"Enter": command_of(ENTER, session), **KEYS}
    shown = [f"{name}: {means[command]}" for name, command in commands.items() if command in means]
    return "   ".join([*shown, f"{QUIT}: quit"])
