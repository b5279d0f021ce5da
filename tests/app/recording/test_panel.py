"""What the terminal shows."""

import io
from typing import Any

from rich.console import Console

from irevla.app.graph.facts import Phase, Teleop
from irevla.app.recording.panel import panel
from irevla.app.recording.recorder import Recorder


def shown(recorder: Recorder) -> str:
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(panel(recorder))
    return console.export_text()


def test_the_panel_counts_and_says_who_steers(makers: Any) -> None:
    row = makers.row(count=3)
    assert "looking for the session" in shown(row.recorder)
    teleop = Teleop(
        received_s=0.0,
        devices=("gamepad: Pad",),
        active="gamepad",
        takes_over=True,
        axes=(0.0,) * 6,
        gripper_open=True,
        detail="the gamepad was unplugged",
    )
    row.turn(makers.now(Phase.AWAITING_LABEL, "two"), makers.closed("one", "success"), teleop)
    text = shown(row.recorder)
    assert "1 of 3 demonstrations of open_drawer   (1 success, 0 failure, 0 discard)" in text
    assert "awaiting label" in text and "an earlier episode of open_drawer awaits its label" in text
    assert "steering: gamepad" in text and "the gamepad was unplugged" in text
    row.turn(makers.now(Phase.RUNNING, "two"))
    assert "running, step 12 of 60" in shown(row.recorder)
