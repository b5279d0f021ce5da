"""What `irevla record` shows: the counts, where the session is, who steers, and what each key means now."""

from __future__ import annotations

from rich.console import Group
from rich.panel import Panel
from rich.text import Text

from irevla.app.graph.facts import EpisodeNow, Phase
from irevla.app.recording.commands import key_line
from irevla.app.recording.labels import LABELS
from irevla.app.recording.recorder import Recorder
from irevla.config.teleop.motion_keys import HELP


def panel(recorder: Recorder) -> Panel:
    """Return the picture of this moment."""
    session, teleop = recorder.session, recorder.teleop
    target = f" of {recorder.count}" if recorder.count is not None else ""
    counts = ", ".join(f"{recorder.labels.count(recorder.task, label)} {label}" for label in LABELS)
    steering = teleop.active if teleop is not None and teleop.takes_over else ""
    troubles = (teleop.detail if teleop is not None else "", recorder.note)
    lines = [
        Text(f"{recorder.successes}{target} demonstrations of {recorder.task}   ({counts})", style="bold"),
        Text("looking for the session" if session is None else _where(session)),
        Text(f"steering: {steering or 'nobody'}"),
        *(Text(text, style="yellow") for text in troubles if text),
        Text(key_line(session), style="cyan"),
        Text(HELP, style="dim"),
    ]
    return Panel(Group(*lines), title="irevla record")


def _where(session: EpisodeNow) -> str:
    steps = f", step {session.step} of {session.max_steps}" if session.phase == Phase.RUNNING else ""
    return ": ".join(filter(None, (f"{session.phase.words}{steps}", session.detail)))
