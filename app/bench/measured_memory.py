"""The window on the made-up graph, two hours' messages at once: does its memory grow? Prints JSON: MB at each mark."""

from __future__ import annotations

import json
import sys

import psutil
from PyQt6.QtWidgets import QApplication

from irevla.app.dashboard import Dashboard
from irevla.app.graph.fake_world import make_fake_bridge
from irevla.config.settings import load_settings

TICK_S = 0.1
MARKS_S = (600.0, 3600.0, 7200.0)  # what is bounded fills in the first hour, e.g. the made-up rig's 200 episodes


def main() -> None:
    """Let the clock of the made-up graph run; every page is looked at in turn."""
    now_s = 0.0
    settings = load_settings("sim", ["dashboard.sound=false"])
    application = QApplication(["irevla"])
    process = psutil.Process()
    with Dashboard(application, make_fake_bridge(lambda: now_s), settings, "bench", clock=lambda: now_s) as dashboard:
        memory_mb: list[float] = []
        while len(memory_mb) < len(MARKS_S):
            now_s += TICK_S
            dashboard.tick()
            if round(now_s / TICK_S) % 600 == 0:  # each minute another page
                dashboard.window.open((dashboard.window.page + 1) % dashboard.window.stack.count())
                application.processEvents()
            if now_s >= MARKS_S[len(memory_mb)]:
                memory_mb.append(process.memory_info().rss / 1e6)
    sys.stdout.write(json.dumps(memory_mb) + "\n")


if __name__ == "__main__":
    main()
