"""The first page: cameras, the running episode under them, the arm, and a slot for what the operator presses."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from irevla.app.views.camera_view import CameraView
from irevla.app.views.live.acting_card import ActingCard
from irevla.app.views.live.arm_card import ArmCard
from irevla.app.views.live.strip_view import StripView
from irevla.app.views.live.success_card import SuccessCard
from irevla.app.views.theme import Theme


class LivePage(QWidget):
    """See LiveView. ``panel``, the episode's buttons, stands at the right: the layout `side`."""

    def __init__(
        self,
        cameras: Sequence[str],
        theme: Theme,
        success_window: int,
        panel: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("live")
        self.cameras = {name: CameraView(name, theme) for name in cameras}
        self.strip, self.acting = StripView(theme), ActingCard()
        self.arm, self.success = ArmCard(theme), SuccessCard(theme, success_window)
        self.side = QVBoxLayout()
        if panel is not None:
            self.side.addWidget(panel)
        self._pictures = QWidget()
        pictures, lower = QHBoxLayout(self._pictures), QHBoxLayout()
        pictures.setContentsMargins(0, 0, 0, 0)
        for camera in self.cameras.values():
            pictures.addWidget(camera, stretch=1)
            camera.canvas.shape_changed.connect(self._fit)
        details = QVBoxLayout()
        details.addWidget(self.acting, stretch=1)
        details.addWidget(self.success)
        lower.addWidget(self.strip, stretch=3)
        lower.addLayout(details, stretch=5)
        lower.addWidget(self.arm, stretch=3)
        left = QVBoxLayout()
        left.addWidget(self._pictures, stretch=1)
        left.addLayout(lower)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(left, stretch=1)
        row.addLayout(self.side)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """See QWidget."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give the pictures no more height than they can fill; the rest is the curves'."""
        cameras = list(self.cameras.values())
        if cameras:
            width_px = self._pictures.width() // len(cameras)
            self._pictures.setMaximumHeight(max(camera.full_height_px(width_px) for camera in cameras))
