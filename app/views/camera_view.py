"""One camera: its name, how it does, and its picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from irevla.app.graph.facts import Picture
from irevla.app.views.picture_canvas import PictureCanvas
from irevla.app.views.theme import Theme

MARGIN_PX = 8


class CameraView(QFrame):
    """Shows CameraState, and over it a start scene where one is given."""

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.canvas = PictureCanvas(theme)
        self.canvas.setObjectName(f"picture_{name}")
        title, self.caption = QLabel(name), QLabel()
        title.setProperty("role", "strong")
        self.caption.setProperty("role", "muted")
        self.caption.setToolTip("pictures a second that reach this window, and how old the newest one is")
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch()
        head.addWidget(self.caption)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN_PX, 6, MARGIN_PX, MARGIN_PX)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.canvas, stretch=1)

    def full_height_px(self, width_px: int) -> int:
        """Return how high this view must be for its picture to fill a width."""
        around_px = self.sizeHint().height() - self.canvas.sizeHint().height()
        return round((width_px - 2 * MARGIN_PX) * self.canvas.aspect) + around_px

    def set_picture(self, picture: Picture | None) -> None:
        """Show the newest picture."""
        self.canvas.set_image(None if picture is None else picture.image)

    def set_caption(self, words: str) -> None:
        """Show rate and age."""
        self.caption.setText(words)

    def set_stale(self, words: str) -> None:
        """Turn the picture grey and say why; "" when it may be trusted."""
        self.canvas.set_notice(words)

    def set_marks(self, words: str) -> None:
        """Frame the picture while a person has taken over; "" when nobody has."""
        self.canvas.set_marks(words)

    def set_onion(self, image: NDArray[np.uint8] | None, opacity: float = 0.5) -> None:
        """Lay a start scene (H, W, 3) RGB half transparent over the live picture; None takes it away."""
        self.canvas.set_onion(image, opacity)
