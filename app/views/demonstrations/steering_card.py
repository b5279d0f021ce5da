"""What is plugged in, what it says now, and how to take over."""

from __future__ import annotations

from PyQt6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from irevla.app.models.demonstrations import Steering
from irevla.app.views.demonstrations.key_map import KeyMap
from irevla.app.views.theme import Theme

TAKE_OVER = (
    "In a policy episode the arm is yours while a key is held or a device deflected; your steps are marked as "
    "interventions."
)


class SteeringCard(QFrame):
    """Shows Steering."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.devices, self.detail, self.keys = QLabel(), QLabel(), KeyMap(theme)
        title, take_over = QLabel("steering"), QLabel(TAKE_OVER)
        title.setProperty("role", "title")
        self.detail.setProperty("tone", "warn")
        take_over.setProperty("role", "muted")
        column = QVBoxLayout(self)
        for label in (title, self.devices, self.detail):
            label.setWordWrap(True)
            column.addWidget(label)
        column.addWidget(self.keys)
        take_over.setWordWrap(True)
        column.addWidget(take_over)
        column.addStretch()

    def set_steering(self, steering: Steering) -> None:
        """Show what steers."""
        self.devices.setText(steering.devices)
        self.devices.setVisible(bool(steering.devices))
        self.detail.setText(steering.detail)
        self.detail.setVisible(bool(steering.detail))
        self.keys.set_axes(steering.axes)
        self.keys.set_is_open(steering.is_open)
