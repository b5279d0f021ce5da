"""The window on a real graph: how late its event loop is, and how long a label takes.

Arguments: domain, seconds, number of labels, cameras. Prints one line of JSON.
"""

from __future__ import annotations

import json
import sys
import time

import irevla_dds

irevla_dds.activate()

import numpy as np  # noqa: E402
from PyQt6.QtCore import QEvent, Qt, QTimer  # noqa: E402
from PyQt6.QtGui import QKeyEvent  # noqa: E402
from PyQt6.QtWidgets import QApplication  # noqa: E402

from irevla.app.bench.timed_bridge import TimedBridge  # noqa: E402
from irevla.app.dashboard import Dashboard  # noqa: E402
from irevla.app.graph.facts import Phase  # noqa: E402
from irevla.app.graph.ros_bridge import RosBridge  # noqa: E402
from irevla.config.settings import load_settings  # noqa: E402

PERIOD_MS = 5
WARM_UP_S = 2.0
LONGEST_S = 240.0
REACTION_S = 0.3  # from the question to the key: faster than a person


class Measured:
    """Notes when each tick of a fast timer comes, and presses the success key soon after a label is asked for."""

    def __init__(self, dashboard: Dashboard, bridge: TimedBridge, duration_s: float, labels: int) -> None:
        self._dashboard, self._bridge = dashboard, bridge
        self._duration_s, self._labels = duration_s, labels
        self._began_s = self._due_s = time.perf_counter()
        self._asked, self._asked_s = "", 0.0
        self._labelled = ""
        self.late_ms: list[float] = []
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(PERIOD_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now_s = time.perf_counter()
        if now_s - self._began_s > WARM_UP_S:
            self.late_ms.append(max(0.0, now_s - self._due_s) * 1e3)
        self._due_s = now_s + PERIOD_MS / 1e3
        rig = self._dashboard.desk.rig
        awaited = rig.episode.episode_id if rig.phase == Phase.AWAITING_LABEL and rig.episode is not None else ""
        if awaited != self._asked:
            self._asked, self._asked_s = awaited, now_s
        if awaited not in ("", self._labelled) and now_s - self._asked_s >= REACTION_S:
            self._labelled = awaited
            self._bridge.pressed_s = time.perf_counter()
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                key = QKeyEvent(kind, Qt.Key.Key_1.value, Qt.KeyboardModifier.NoModifier, "1")
                QApplication.sendEvent(self._dashboard.window, key)
        spent_s = now_s - self._began_s
        is_done = spent_s > self._duration_s and len(self._bridge.labels_s) >= self._labels
        if is_done or spent_s > LONGEST_S:
            QApplication.quit()


def main() -> None:
    """Measure, print, end."""
    domain, duration_s, labels, *cameras = sys.argv[1:]
    settings = load_settings("sim", [f"graph.domain_id={domain}", "dashboard.sound=false"])
    application = QApplication(["irevla"])
    bridge = TimedBridge(RosBridge(tuple(cameras)))
    with Dashboard(application, bridge, settings, "bench") as dashboard:
        measured = Measured(dashboard, bridge, float(duration_s), int(labels))
        application.exec()
    sys.stdout.write(
        json.dumps(
            {
                "late_ms": np.percentile(measured.late_ms, (50, 99, 100)).tolist(),
                "labels_ms": [1e3 * label_s for label_s in bridge.labels_s],
                "refusals": bridge.refusals,
                "pictures": bridge.pictures,
            }
        )
        + "\n"
    )


if __name__ == "__main__":
    main()
