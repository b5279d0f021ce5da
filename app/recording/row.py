"""The loop of `irevla record`: keys and messages in, requests and motion out, until the row is over."""

from __future__ import annotations

import queue
import time

from rich.console import Console
from rich.live import Live

from irevla.app.recording.demonstrations import SessionNow
from irevla.app.recording.graph_link import GraphLink
from irevla.app.recording.panel import command_of, panel
from irevla.app.recording.recorder import Recorder
from irevla.app.recording.terminal_keys import TerminalKeys
from irevla.config.errors import GraphError
from irevla.config.teleop.held_keys import HeldKeys

PERIOD_S = 0.05  # of the input that we publish
FIND_TIMEOUT_S = 15.0
END_TIMEOUT_S = 10.0


def run_row(link: GraphLink, keys: TerminalKeys, recorder: Recorder, held: HeldKeys, where: str) -> None:
    """Run the row to its end; raises GraphError when the session is not there (``where`` says where we looked)."""
    began_s = time.monotonic()
    with Live(console=Console(), auto_refresh=False) as live:
        while not recorder.is_over:
            for key in keys.read(PERIOD_S):
                _type(key, recorder, held)
            now_s = time.monotonic()
            _turn(link, recorder, now_s)
            _steer(link, recorder, held, now_s)
            if recorder.session is None and now_s - began_s > FIND_TIMEOUT_S:
                raise GraphError(
                    f"no session and arbiter were found within {FIND_TIMEOUT_S:.0f} s {where}; start a graph with "
                    "`irevla up`, or say which one with --domain and --namespace"
                )
            steering = link.status.active if link.status.takes_over else ""
            live.update(panel(recorder, steering, link.status.detail), refresh=True)
    if recorder.failure:
        raise GraphError(recorder.failure)


def end_row(link: GraphLink, recorder: Recorder) -> None:
    """End what is under way, after a Ctrl-C; waits a bounded time."""
    recorder.stop()
    deadline_s = time.monotonic() + END_TIMEOUT_S
    while not recorder.is_over and time.monotonic() < deadline_s:
        time.sleep(PERIOD_S)
        _turn(link, recorder, time.monotonic())


def _turn(link: GraphLink, recorder: Recorder, now_s: float) -> None:
    try:
        while True:
            link.events.get_nowait()(recorder, now_s)
    except queue.Empty:
        recorder.tick(now_s)


def _type(key: str, recorder: Recorder, held: HeldKeys) -> None:
    now_s = time.monotonic()
    command = command_of(key, recorder.session or SessionNow())
    if command is not None:
        recorder.press(command, now_s)
    else:
        held.press(key, now_s)


def _steer(link: GraphLink, recorder: Recorder, held: HeldKeys, now_s: float) -> None:
    """Publish what is held; nothing outside our own running episode, where it would be somebody else's intervention."""
    if recorder.steers:
        link.steer(held.axes(now_s), held.is_any(now_s), held.gripper_presses)
    else:
        held.clear()
