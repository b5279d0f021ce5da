"""The health page: pre-flight on the left, nodes and log on the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt6.QtWidgets import QFrame, QHBoxLayout, QTableView, QVBoxLayout, QWidget

from irevla.app.models.health.health import NodeRow
from irevla.app.models.health.health_state import Headline
from irevla.app.models.health.log import LogFilter, LogState
from irevla.app.models.health.preflight import Check
from irevla.app.views.health.log_view import LogView
from irevla.app.views.health.preflight_view import PreflightView
from irevla.app.views.lights import Lights
from irevla.app.views.rows_model import RowsModel, make_table, widen
from irevla.app.views.theme import Theme

HEADER = ("node", "heard", "pid", "restarts", "beats/s", "memory", "says")


class HealthPage(QWidget):
    """Shows HealthState."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("health")
        self.preflight, self.log = PreflightView(theme), LogView(theme)
        light_px = round(theme.text_px * 1.1)
        self.nodes = RowsModel(HEADER, Lights(theme, light_px), self)
        table = make_table(self.nodes)
        widen(table, ("camera_wrist", "00.0 s", "0000000", "000", "00.0", "0000 MB"), light_px=light_px)
        table.setSizeAdjustPolicy(QTableView.SizeAdjustPolicy.AdjustToContents)  # what it does not need is the log's
        frame = QFrame()
        frame.setProperty("role", "card")
        QVBoxLayout(frame).addWidget(table)
        right = QVBoxLayout()
        right.addWidget(frame)
        right.addWidget(self.log, stretch=1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.preflight, stretch=2)
        layout.addLayout(right, stretch=5)

    def on_filter(self, call: Callable[[LogFilter], None]) -> None:
        """See HealthView."""
        self.log.on_filter(call)

    def set_headline(self, headline: Headline) -> None:
        """Show whether the arm may move."""
        self.preflight.set_headline(headline)

    def set_checks(self, checks: Sequence[Check]) -> None:
        """Show what must be well for that."""
        self.preflight.set_checks(checks)

    def set_nodes(self, nodes: Sequence[NodeRow]) -> None:
        """Show the table of nodes."""
        rows = [
            (row.node, row.heard, row.pid, row.restarts, row.rate, row.memory, row.words.partition("\n")[0])
            for row in nodes
        ]
        self.nodes.set_rows(rows, [row.light for row in nodes])

    def set_log(self, state: LogState) -> None:
        """Show the log's lines."""
        self.log.set_log(state)
