"""Success by task: name, bar, count."""

from __future__ import annotations

from PyQt6.QtWidgets import QGridLayout, QLabel, QWidget

from irevla.app.graph.records import Evaluation
from irevla.app.models.success_band import SuccessBand
from irevla.app.views.rounds.success_bar import SuccessBar
from irevla.app.views.theme import Theme


class SuccessRows(QWidget):
    """One line a task; at most ``most`` of them, the rest is counted."""

    def __init__(
        self,
        theme: Theme,
        evaluations: tuple[Evaluation, ...],
        *,
        most: int = 100,
        is_full: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """``is_full``: say the interval in numbers, too."""
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        for row, evaluation in enumerate(evaluations[:most]):
            counts = f"{evaluation.successes}/{evaluation.episodes}"
            grid.addWidget(QLabel(evaluation.task), row, 0)
            grid.addWidget(SuccessBar(theme, evaluation), row, 1)
            grid.addWidget(
                QLabel(SuccessBand(evaluation.successes, evaluation.episodes).words if is_full else counts), row, 2
            )
        more = len(evaluations) - most
        if more > 0 or not evaluations:
            rest = QLabel(f"and {more} more" if more > 0 else "not evaluated yet")
            rest.setProperty("role", "muted")
            grid.addWidget(rest, most, 0, 1, 3)
