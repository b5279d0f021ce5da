"""The loop of `irevla record`: keys and facts in, requests and motion out, until the row is over."""

from __future__ import annotations

import time

from rich.console import Console
from rich.live import Live

from irevla.app.graph.bridge import Bridge
from irevla.app.graph.requests import TeleopInput
from irevla.app.recording.commands import command_of
from irevla.app.recording.panel import panel
from irevla.app.recording.recorder import Recorder
from irevla.app.recording.terminal_keys import TerminalKeys
from irevla.config.errors import GraphError
from irevla.config.teleop.held_keys import HeldKeys

PERIOD_S = 0.05  # of the input that we publish
FIND_TIMEOUT_S = 15.0
END_TIMEOUT_S = 10.0


def run_row(bridge: Bridge, keys: TerminalKeys, recorder: Recorder, held: HeldKeys, where: str) -> None:
    """Run the row to its end; raises GraphError when the session is not there (``where`` says where we looked)."""
    began_s = time.monotonic()
    with Live(console=Console(), auto_refresh=False) as live:
        while not recorder.is_over:
            for key in keys.read(PERIOD_S):
                _type(key, recorder, held)
            now_s = time.monotonic()
            recorder.turn(now_s)
            _steer(bridge, recorder, held, now_s)
            if recorder.session is None and now_s - began_s > FIND_TIMEOUT_S:
                raise GraphError(
                    f"no session and arbiter were found within {FIND_TIMEOUT_S:.0f} s {where}; start a graph with "
                    "`irevla up`, or say which one with --domain and --namespace"
                )
            live.update(panel(recorder), refresh=True)
    if recorder.failure:
        raise GraphError(recorder.failure)


def end_row(recorder: Recorder) -> None:
    """End what is under way, after a Ctrl-C; waits a bounded time."""
    recorder.stop()
    deadline_s = time.monotonic() + END_TIMEOUT_S
    while not recorder.is_over and time.monotonic() < deadline_s:
        time.sleep(PERIOD_S)
        recorder.turn(time.monotonic())


def _type(key: str, recorder: Recorder, held: HeldKeys) -> None:
    command = command_of(key, recorder.session)
    if command is not None:
        recorder.press(command)
    else:
        held.press(key, time.monotonic())


def _steer(bridge: Bridge, recorder: Recorder, held: HeldKeys, now_s: float) -> None:
    """Publish what is held; nothing outside our own running episode, where it would be somebody else's intervention."""
    if not recorder.steers:
        held.clear()
        return
    x, y, z, rx, ry, rz = held.axes(now_s)
    hands = TeleopInput(
        who=f"{recorder.who} at irevla record",
        axes=(x, y, z, rx, ry, rz),
        takes_over=held.is_any(now_s),
        gripper_presses=held.gripper_presses,
    )
    bridge.send(hands)
