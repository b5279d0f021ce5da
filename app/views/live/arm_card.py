"""The arm as bars: the gripper and the six walls of its workspace."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtWidgets import QFrame, QVBoxLayout, QWidget

from irevla.app.models.arm import FAR_M, NEAR_M, WALLS, Bar
from irevla.app.views.live.meter import Meter
from irevla.app.views.live.rows import Rows, value_label
from irevla.app.views.theme import Theme


class ArmCard(QFrame):
    """Shows ArmState."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.gripper = Meter(theme)
        self.walls = tuple(Meter(theme) for _ in WALLS)
        self.error = value_label()
        self.error.setProperty("tone", "bad")
        self.error.hide()
        rows = Rows()
        rows.add("gripper", self.gripper, "distance of the finger tips, full at 80 mm")
        tip = f"how far the tool is from this wall of the workspace: full at {FAR_M:.2f} m, red below {NEAR_M:.2f} m"
        for name, meter in zip(WALLS, self.walls, strict=True):
            rows.add(name, meter, f"{name}: {tip}")
        column = QVBoxLayout(self)
        column.addLayout(rows)
        column.addWidget(self.error)
        column.addStretch()

    def set_gripper(self, bar: Bar) -> None:
        """Show how far the gripper is open."""
        self.gripper.set_bar(bar.level, bar.words)

    def set_walls(self, bars: Sequence[Bar]) -> None:
        """Show the distances to the walls, in the order of WALLS."""
        for meter, bar in zip(self.walls, bars, strict=True):
            meter.set_bar(bar.level, bar.words, is_bad=bar.is_bad)

    def set_error(self, words: str) -> None:
        """Show what the arm complains of, "" for nothing."""
        self.error.setText(words)
        self.error.setVisible(bool(words))
