"""What `irevla record` shows: the counts, where the session is, who steers, and what each key means now."""

from __future__ import annotations

from types import MappingProxyType

from rich.console import Group
from rich.panel import Panel
from rich.text import Text

from irevla.app.recording.demonstrations import LABELS, Command, SessionNow, meanings
from irevla.app.recording.recorder import Recorder
from irevla.config.teleop.motion_keys import HELP

ENTER = "\n"
QUIT = "q"
KEYS: MappingProxyType[str, Command] = MappingProxyType(
    {"x": "failure", "z": "discard", "b": "undo", "e": "done", "h": "hold", "g": "resume", QUIT: "stop"}
)
NAMES = {ENTER: "Enter"}


def command_of(key: str, session: SessionNow) -> Command | None:
    """Return what a key means now; Enter goes on, and while an episode runs or awaits its label that is a success."""
    if key == ENTER:
        return "success" if session.phase in ("running", "awaiting label") else "start"
    return KEYS.get(key.lower())


def panel(recorder: Recorder, steering: str, device_detail: str) -> Panel:
    """Return the picture of this moment."""
    session = recorder.session or SessionNow()
    target = f" of {recorder.count}" if recorder.count is not None else ""
    counts = ", ".join(f"{recorder.demonstrations.count(recorder.task, label)} {label}" for label in LABELS)
    steps = f", step {session.step} of {session.max_steps}" if session.phase == "running" else ""
    lines = [
        Text(f"{recorder.successes}{target} demonstrations of {recorder.task}   ({counts})", style="bold"),
        Text(": ".join(filter(None, (f"{session.phase}{steps}", session.detail)))),
        Text(f"steering: {steering or 'nobody'}"),
        *(Text(text, style="yellow") for text in (device_detail, recorder.note) if text),
        Text(key_line(session), style="cyan"),
        Text(HELP, style="dim"),
    ]
    return Panel(Group(*lines), title="irevla record")


def key_line(session: SessionNow) -> str:
    """Return the keys that mean something now, in words."""
    means = meanings(session)
    commands = {key: command_of(key, session) for key in (ENTER, *KEYS)}
    shown = [f"{NAMES.get(key, key)}: {means[command]}" for key, command in commands.items() if command in means]
    return "   ".join([*shown, f"{QUIT}: quit"])
