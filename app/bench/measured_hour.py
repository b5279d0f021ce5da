"""The window on the made-up graph, two hours' messages at once: does its memory grow in the second? Prints JSON."""

from __future__ import annotations

import json
import sys

import psutil
from PyQt6.QtWidgets import QApplication

from irevla.app.dashboard import Dashboard
from irevla.app.graph.fake_world import make_fake_bridge
from irevla.config.settings import load_settings

TICK_S = 0.1
HOUR_S = 3600.0
WARM_UP_S = HOUR_S  # what is bounded fills in the first hour, e.g. the made-up rig's 200 episodes


def main() -> None:
    """Let the clock of the made-up graph run; every page is looked at in turn."""
    now_s = 0.0
    settings = load_settings("sim", ["dashboard.sound=false"])
    application = QApplication(["irevla"])
    process = psutil.Process()
    with Dashboard(application, make_fake_bridge(lambda: now_s), settings, "bench", clock=lambda: now_s) as dashboard:
        warm_mb = 0.0
        while now_s < WARM_UP_S + HOUR_S:
            now_s += TICK_S
            dashboard.tick()
            if round(now_s / TICK_S) % 600 == 0:  # each minute another page
                dashboard.window.open((dashboard.window.page + 1) % dashboard.window.stack.count())
                application.processEvents()
            if not warm_mb and now_s >= WARM_UP_S:
                warm_mb = process.memory_info().rss / 1e6
        hour_mb = process.memory_info().rss / 1e6
    sys.stdout.write(json.dumps({"warm_mb": warm_mb, "hour_mb": hour_mb}) + "\n")


if __name__ == "__main__":
    main()
